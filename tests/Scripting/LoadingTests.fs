namespace GopherFlow.Scripting.Tests

open System
open System.Runtime.CompilerServices
open System.Runtime.Loader
open System.Threading.Tasks
open GopherFlow.Scripting
open Expecto
open GopherFlow.TestSupport

module LoadingTests =

    /// Not a task, because its state machine would keep a reference to the script.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private loadAndForget compiler source : WeakReference =
        let before = List.ofSeq AssemblyLoadContext.All
        let result = (Scripts.compile compiler source).GetAwaiter().GetResult()
        let script = Scripts.loaded result
        let context = AssemblyLoadContext.All |> Seq.except before |> Seq.exactlyOne

        let report =
            (ScriptTrial.RunAsync TrialOptions.defaults script).GetAwaiter().GetResult()

        Expect.equal report.Reason "Finished in state 'Done'." "reason"
        script.Dispose()
        WeakReference context

    let tests (compiler: ScriptCompiler) =

        let load code =
            Scripts.compile compiler (Scripts.script code)

        let isCollected (reference: WeakReference) =
            for _ in 1..5 do
                GC.Collect()
                GC.WaitForPendingFinalizers()

            not reference.IsAlive

        /// System.Text.Json caches recently used types until it serializes others, so other scripts are run until the script is collected.
        let isCollectedEventually (reference: WeakReference) (source: int -> ScriptSource) =
            Seq.initInfinite id
            |> Seq.takeWhile (fun round -> round < 200)
            |> Seq.exists (fun round ->
                loadAndForget compiler (source round) |> ignore
                isCollected reference)

        testList "Loading" [
            testTheoryTask
                "Top-level code that does not end is stopped"
                [
                    "while true do ()"
                    "Thread.Sleep Timeout.Infinite"
                    "let rec f () : unit = f ()\nf ()"
                    "let waited = Task.Delay(-1).Wait()"
                    "while true do try failwith \"x\" with _ -> ()"
                    "let rec f n = (try (while true do ()) with _ -> ()); f (n + 1)\nwhile true do\n    try f 1 with _ -> ()"
                    "try () finally (while true do ())"
                    "type Looping() =\n    static let x = (while true do ())\n    member _.X = x\nlet y = Looping().X"
                    "while true do (task { do! Task.Yield() }).Wait()"
                    "let sum = Seq.initInfinite (fun n -> n % 2) |> Seq.sum"
                    "Task.Run(fun () -> while true do ()).Wait()"
                    "let thread = Thread(fun () -> while true do ())\nthread.Start()\nthread.Join()"
                ]
                (fun (code: string) ->
                    task {
                        let! result = load (Scripts.valid + "\n" + code)
                        let fault = Expect.single (Scripts.faults result) "result"
                        Expect.equal fault.Code "GF0013" "code"
                        Expect.stringContains fault.Text "did not end within 1.5 s and was ended" "text"
                    })

            testCaseTask "Top-level code of a loaded file that does not end is stopped" (fun () ->
                task {
                    let source = {
                        Scripts.script ("#load \"Shared.fsx\"\n" + Scripts.valid) with
                            Loaded = Map [ "Shared.fsx", "let x = 1\nwhile true do ()\n" ]
                    }

                    let! result = Scripts.compile compiler source
                    let fault = Expect.single (Scripts.faults result) "result"
                    Expect.equal fault.Code "GF0013" "code"
                    Expect.stringContains fault.Text "was ended" "text"
                })

            testCaseTask "Infinite recursion is an exception and does not crash the process" (fun () ->
                task {
                    // Large frames: unwinding a hundred thousand small frames takes longer than the limit on a busy machine.
                    let! result =
                        load (
                            Scripts.valid
                            + """
let rec depth block = 1 + depth block
let seven x = struct (x, x, x, x, x, x, x)
let deep = depth (seven (seven (seven 0m)))"""
                        )

                    let fault = Expect.single (Scripts.faults result) "result"
                    Expect.equal fault.Code "GF0012" "code"
                    Expect.stringContains fault.Text "InsufficientExecutionStackException" "text"
                    Expect.equal fault.Line (Scripts.firstLine + 1) "line"
                })

            testCaseTask "An exception while loading is reported with its line" (fun () ->
                task {
                    let! result = load (Scripts.valid + "\n\nlet x = failwith<int> \"no luck\"")
                    let fault = Expect.single (Scripts.faults result) "result"
                    Expect.equal fault.Code "GF0012" "code"
                    Expect.stringContains fault.Text "no luck" "text"
                    Expect.equal (fault.File, fault.Line) ("Test.fsx", Scripts.firstLine + 2) "line"
                })

            testCaseTask "An exception while loading is reported with the line of the loaded file" (fun () ->
                task {
                    let source = {
                        Scripts.script ("#load \"Shared.fsx\"\n" + Scripts.valid + "\nlet y = Shared.half 0") with
                            Loaded =
                                Map [
                                    "Shared.fsx", "let half n =\n    if n = 0 then failwith \"zero\"\n    n / 2\n"
                                ]
                    }

                    let! result = Scripts.compile compiler source
                    let fault = Expect.single (Scripts.faults result) "result"
                    Expect.equal (fault.File, fault.Line) ("Shared.fsx", 2) "line"
                })

            testCase "A disposed script is collected" (fun () ->
                Expect.isTrue (isCollected (loadAndForget compiler (Scripts.script Scripts.valid))) "collected")

            testCase "A disposed script that has serialized its own types is collected" (fun () ->
                let source _ =
                    Scripts.script
                        """
type Order = { Id: int; Lines: string list }
type Paid = Cash | Card of string
let work (step: Step) =
    step.Vars.Set("order", { Id = 1; Lines = [ "a" ] })
    step.Vars.Set("paid", [ Cash; Card "x" ])
    let order = step.Vars.Get<Order> "order"
    let paid = step.Vars.Get<Paid list> "paid"
    goto "Done" |> log (sprintf "%A %A" order paid) |> spawnAll [] """

                Expect.isTrue (isCollectedEventually (loadAndForget compiler (source 0)) source) "collected")

            testCaseTask "Memory use does not grow over 200 loads" (fun () ->
                task {
                    let source = Scripts.script Scripts.valid

                    let load rounds =
                        task {
                            for _ in 1..rounds do
                                let! result = Scripts.compile compiler source
                                (Scripts.loaded result).Dispose()
                        }

                    let settled () =
                        for _ in 1..5 do
                            GC.Collect()
                            GC.WaitForPendingFinalizers()

                        GC.GetTotalMemory true

                    do! load 20
                    let before = settled ()
                    do! load 200
                    Expect.isBetween (settled ()) 0L (before + before / 10L) "memory"
                })

            testCaseTask "The stack trace of a state function has the script and the line" (fun () ->
                task {
                    let! result =
                        load
                            "let work (step: Step) : Task<NextState> = task {\n    do! Task.Yield()\n    failwith \"broken\"\n    return goto \"Done\" }"

                    use script = Scripts.loaded result

                    let! report =
                        ScriptTrial.RunAsync
                            {
                                TrialOptions.defaults with
                                    StepLimit = 1
                            }
                            script

                    let error = report.Steps.Head.Error.Value
                    Expect.equal error.Place (Some("Test.fsx", Scripts.firstLine + 2)) "place"
                    Expect.stringContains error.Detail $"Test.fsx:line {Scripts.firstLine + 2}" "detail"
                })
        ]
