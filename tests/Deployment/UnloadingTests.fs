namespace GopherFlow.Deployment.Tests

open System
open System.Threading
open System.Runtime.Loader
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

/// A version is unloaded when no workflow needs it any more.
module UnloadingTests =
    let tests (compiler: ScriptCompiler) =
        let cancellation = CancellationToken.None

        let deploy (scripts: ScriptProcess) text : Task =
            scripts.Operations.DeployAsync("Parker", text, "ada", cancellation)

        let loadContexts () =
            AssemblyLoadContext.All
            |> Seq.filter (fun context -> context.IsCollectible)
            |> Seq.map (fun context -> string context.Name)
            |> List.ofSeq

        let collect () =
            GC.Collect(2, GCCollectionMode.Forced, blocking = true)
            GC.WaitForPendingFinalizers()

        let contextOf text = $"Parker.fsx {Sources.versionOf text}"

        /// The runtime needs several collections to unload a load context.
        let rec collected attempts (name: string) =
            collect ()

            match loadContexts () |> List.contains name, attempts with
            | false, _ -> true
            | true, 0 -> false
            | true, _ -> collected (attempts - 1) name

        let runOldAndNew (scripts: ScriptProcess) (clock: VirtualClock) =
            task {
                do! deploy scripts (Sources.parker "first")
                let! old = scripts.Engine.CreateAsync("Parker", "old")
                let! _ = scripts.Engine.UntilAsync(old, fun workflow -> workflow.State = "Second")
                do! deploy scripts (Sources.parker "second")
                do! scripts.PollAsync()
                Expect.contains (loadContexts ()) (contextOf (Sources.parker "first")) "load contexts"

                clock.Advance(TimeSpan.FromHours 1.)
                let! _ = scripts.Engine.UntilAsync(old, WorkflowStatus.Finished)
                do! scripts.PollAsync()
            }

        /// Polls until only one version is loaded: a run releases its definition shortly after its last commit.
        let untilOnly (scripts: ScriptProcess) key =
            let rec poll attempts =
                task {
                    if scripts.Versions.Keys <> [ key ] && attempts > 0 then
                        do! Task.Yield()
                        do! scripts.PollAsync()
                        return! poll (attempts - 1)
                }

            poll 1000

        /// The median of the slopes between any two samples (Theil-Sen). The compiler and the runtime's pools allocate or free
        /// megabytes at a time, which moves single samples but not the median.
        let medianSlope (samples: float seq) =
            let numbered = Array.ofSeq (Seq.indexed samples)

            let slopes = [|
                for earlier, first in numbered do
                    for later, second in numbered do
                        if later > earlier then
                            (second - first) / float (later - earlier)
            |]

            (Array.sort slopes)[slopes.Length / 2]

        testList "Unloading" [
            testCaseTask "The old version is unloaded when its last workflow has finished" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.Sqlite, clock)
                    use! scripts = ScriptProcess.StartAsync(store, clock, compiler)

                    do! runOldAndNew scripts clock

                    let key = DefinitionKey("Parker", Sources.versionOf (Sources.parker "second"))
                    do! untilOnly scripts key
                    Expect.equal scripts.Versions.Keys [ key ] "keys"

                    Expect.isTrue
                        (collected 50 (contextOf (Sources.parker "first")))
                        "The load context is not collected."

                    Expect.contains (loadContexts ()) (contextOf (Sources.parker "second")) "load contexts"
                })

            // The store is a file, so the two hundred stored sources take no memory.
            testCaseTask "Two hundred reloads do not grow memory use" (fun () ->
                task {
                    let clock = VirtualClock()
                    use! store = TestStore.OpenAsync(StoreKind.Sqlite, clock)
                    use folder = new TempFolder()

                    use caching =
                        new ScriptCompiler(
                            {
                                ScriptCompilerOptions.defaults with
                                    Cache = Some folder.Path
                            }
                        )

                    use! scripts = ScriptProcess.StartAsync(store, clock, caching)

                    // Twenty sources, each compiled once and loaded ten times. FaultyScriptTests measures leaks of compilations.
                    let reload numbers =
                        task {
                            for number: int in numbers do
                                do! deploy scripts (Sources.parker $"reload {number % 20}")
                        }

                    let memory () =
                        for _ in 1..10 do
                            collect ()

                        float (GC.GetTotalMemory(forceFullCollection = true))

                    do! reload [ 1..20 ]
                    let samples = ResizeArray [ memory () ]

                    for start in 21..10..211 do
                        do! reload [ start .. start + 9 ]
                        samples.Add(memory ())

                    let growth = medianSlope samples / 10.

                    Expect.isLessThan
                        growth
                        5_000.
                        $"Leaked bytes per reload; samples: %A{List.ofSeq samples}; load contexts: {loadContexts().Length}"
                })
        ]
