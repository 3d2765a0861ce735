namespace GopherFlow.Scripting.Tests

open System
open System.Runtime.CompilerServices
open System.Runtime.Loader
open System.Threading.Tasks
open GopherFlow.Scripting
open Xunit

[<Collection "compiler">]
type LoadingTests(warm: WarmCompiler) =

    let load code =
        Scripts.compile warm.Compiler (Scripts.script code)

    [<Theory>]
    [<InlineData("while true do ()")>]
    [<InlineData("Thread.Sleep Timeout.Infinite")>]
    [<InlineData("let rec f () : unit = f ()\nf ()")>]
    [<InlineData("let waited = Task.Delay(-1).Wait()")>]
    [<InlineData("while true do try failwith \"x\" with _ -> ()")>]
    [<InlineData("let rec f n = (try (while true do ()) with _ -> ()); f (n + 1)\nwhile true do\n    try f 1 with _ -> ()")>]
    [<InlineData("try () finally (while true do ())")>]
    [<InlineData("type Looping() =\n    static let x = (while true do ())\n    member _.X = x\nlet y = Looping().X")>]
    [<InlineData("while true do (task { do! Task.Yield() }).Wait()")>]
    [<InlineData("let sum = Seq.initInfinite (fun n -> n % 2) |> Seq.sum")>]
    [<InlineData("Task.Run(fun () -> while true do ()).Wait()")>]
    [<InlineData("let thread = Thread(fun () -> while true do ())\nthread.Start()\nthread.Join()")>]
    member _.``Top-level code that does not end is ended``(code: string) =
        task {
            let! result = load (Scripts.sound + "\n" + code)
            let fault = Assert.Single(Scripts.faults result)
            Assert.Equal("GF0013", fault.Code)
            Assert.Contains("did not end within 1.5 s and was ended", fault.Text)
        }

    [<Fact>]
    member _.``Top-level code of a loaded file that does not end is ended``() =
        task {
            let source = {
                Scripts.script ("#load \"Shared.fsx\"\n" + Scripts.sound) with
                    Loaded = Map [ "Shared.fsx", "let x = 1\nwhile true do ()\n" ]
            }

            let! result = Scripts.compile warm.Compiler source
            let fault = Assert.Single(Scripts.faults result)
            Assert.Equal("GF0013", fault.Code)
            Assert.Contains("was ended", fault.Text)
        }

    [<Fact>]
    member _.``A recursion without end is an exception, not the end of the process``() =
        task {
            let! result =
                load (Scripts.sound + "\nlet rec depth n = 1 + depth (n + 1)\nlet deep = depth 0")

            let fault = Assert.Single(Scripts.faults result)
            Assert.Equal("GF0012", fault.Code)
            Assert.Contains("InsufficientExecutionStackException", fault.Text)
            Assert.Equal(Scripts.firstLine + 1, fault.Line)
        }

    [<Fact>]
    member _.``An exception while loading is told with its line``() =
        task {
            let! result = load (Scripts.sound + "\n\nlet x = failwith<int> \"no luck\"")
            let fault = Assert.Single(Scripts.faults result)
            Assert.Equal("GF0012", fault.Code)
            Assert.Contains("no luck", fault.Text)
            Assert.Equal(("Test.fsx", Scripts.firstLine + 2), (fault.File, fault.Line))
        }

    [<Fact>]
    member _.``An exception while loading is told with the line of the loaded file``() =
        task {
            let source = {
                Scripts.script ("#load \"Shared.fsx\"\n" + Scripts.sound + "\nlet y = Shared.half 0") with
                    Loaded =
                        Map [
                            "Shared.fsx", "let half n =\n    if n = 0 then failwith \"zero\"\n    n / 2\n"
                        ]
            }

            let! result = Scripts.compile warm.Compiler source
            let fault = Assert.Single(Scripts.faults result)
            Assert.Equal(("Shared.fsx", 2), (fault.File, fault.Line))
        }

    /// Not a task: its state would keep the script.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    member private _.LoadAndForget(source) : WeakReference =
        let before = List.ofSeq AssemblyLoadContext.All
        let result = (Scripts.compile warm.Compiler source).GetAwaiter().GetResult()
        let script = Scripts.loaded result
        let context = AssemblyLoadContext.All |> Seq.except before |> Seq.exactlyOne

        let report =
            (ScriptTrial.RunAsync TrialOptions.defaults script).GetAwaiter().GetResult()

        Assert.Equal("Finished in state 'Done'.", report.Reason)
        script.Dispose()
        WeakReference context

    member private _.IsCollected(reference: WeakReference) =
        for _ in 1..5 do
            GC.Collect()
            GC.WaitForPendingFinalizers()

        not reference.IsAlive

    /// System.Text.Json remembers the types that it met in the last second, until it meets others.
    member private test.IsCollectedWhenOthersCome(reference: WeakReference, source: int -> ScriptSource) =
        Seq.initInfinite id
        |> Seq.takeWhile (fun round -> round < 200)
        |> Seq.exists (fun round ->
            test.LoadAndForget(source round) |> ignore
            test.IsCollected reference)

    [<Fact>]
    member test.``A script that was disposed of leaves nothing behind``() =
        Assert.True(test.IsCollected(test.LoadAndForget(Scripts.script Scripts.sound)))

    [<Fact>]
    member test.``A script that has written its own types as JSON leaves nothing behind``() =
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

        Assert.True(test.IsCollectedWhenOthersCome(test.LoadAndForget(source 0), source))

    [<Fact>]
    member test.``Memory stays where it is over 200 loads``() =
        task {
            let source = Scripts.script Scripts.sound

            let load rounds =
                task {
                    for _ in 1..rounds do
                        let! result = Scripts.compile warm.Compiler source
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
            Assert.InRange(settled (), 0L, before + before / 10L)
        }

    [<Fact>]
    member _.``The stack trace of a state function names the script and the line``() =
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
            Assert.Equal(Some("Test.fsx", Scripts.firstLine + 2), error.Place)
            Assert.Contains($"Test.fsx:line {Scripts.firstLine + 2}", error.Detail)
        }
