namespace GopherFlow.Scripting.Tests

open System
open System.Diagnostics
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Scripting
open Microsoft.Extensions.Logging.Abstractions
open Expecto
open GopherFlow.TestSupport

/// Signals that the script has reached its endless loop.
type private Arrival() =
    let arrived =
        TaskCompletionSource TaskCreationOptions.RunContinuationsAsynchronously

    member _.Task = arrived.Task

    interface IServiceProvider with
        member _.GetService service =
            if service = typeof<Action> then
                box (Action(fun () -> arrived.TrySetResult() |> ignore))
            else
                null

/// Counts the calls from the script.
type private Calls() =
    let calls = new SemaphoreSlim 0

    member _.Forget() =
        while calls.Wait 0 do
            ()

    /// Waits for one more call.
    member _.NextAsync(limit: TimeSpan) =
        task {
            let! called = calls.WaitAsync limit
            Expect.isTrue called "a call"
        }

    interface IServiceProvider with
        member _.GetService service =
            if service = typeof<Action> then
                box (Action(fun () -> calls.Release() |> ignore))
            else
                null

/// A state function of a loaded script is stopped when its step is cancelled.
module StepLimitTests =
    let tests (compiler: ScriptCompiler) =

        let limit = TimeSpan.FromSeconds 30.

        let stepWith (services: IServiceProvider) cancellation =
            StepContext(
                (fun _ -> Task.FromResult<Collections.Generic.IReadOnlyList<ChildWorkflow>> [||]),
                (fun _ -> Task.FromResult<Collections.Generic.IReadOnlyList<ChildResult>> [||]),
                WorkflowId = 1L,
                ExternalId = "one",
                BusinessKey = "key",
                WorkflowType = "Test",
                State = "Work",
                Attempt = 1,
                StepKey = "one:0",
                Variables = Variables.Parse "{}",
                Logger = NullLogger.Instance,
                Clock = TimeProvider.System,
                Services = services,
                Cancellation = cancellation
            )

        let invoke (script: LoadedScript) step =
            (Unchecked.nonNull script.Definition.States[0].Function).Invoke(step).AsTask()

        /// Runs the function on its own thread. The task completes when the thread is free again.
        let run (script: LoadedScript) step =
            Task.Factory.StartNew(
                (fun () -> (invoke script step).GetAwaiter().GetResult()),
                TaskCreationOptions.LongRunning
            )

        testList "Step limit" [
            testTheoryTask
                "A function that does not end is stopped when its step is cancelled"
                [
                    "let work (step: Step) = arrive step; (while true do ()); goto \"Done\""
                    "let work (step: Step) = arrive step; (while true do (try (while true do ()) with _ -> ())); goto \"Done\""
                    "let rec f n : int = if n < 0 then n else f ((n + 1) &&& 7)\nlet work (step: Step) = arrive step; f 0 |> ignore; goto \"Done\""
                    "let work (step: Step) = arrive step; (Seq.initInfinite (fun n -> n % 2) |> Seq.sum |> ignore); goto \"Done\""
                    "let work (step: Step) = task {\n    do! Task.Yield()\n    arrive step\n    while true do ()\n    return goto \"Done\" }"
                    "let work (step: Step) = task {\n    arrive step\n    while true do do! Task.Yield()\n    return goto \"Done\" }"
                    "let work (step: Step) = async {\n    do! Async.Sleep 1\n    arrive step\n    while true do ()\n    return goto \"Done\" }"
                    "let work (step: Step) = async {\n    arrive step\n    do! Async.Sleep 300\n    return goto \"Done\" }"
                    "let work (step: Step) = async {\n    arrive step\n    while true do do! Async.Sleep 1\n    return goto \"Done\" }"
                    "let work (step: Step) = (Task.Run(fun () -> arrive step; while true do ())).Wait(); goto \"Done\""
                ]
                (fun (code: string) ->
                    task {
                        let arrive = "let arrive (step: Step) = step.Service<Action>().Invoke()\n"
                        let! result = Scripts.compile compiler (Scripts.script (arrive + code))
                        use script = Scripts.loaded result
                        use cancelled = new CancellationTokenSource()
                        let arrival = Arrival()
                        let running = run script (stepWith arrival cancelled.Token)
                        do! arrival.Task.WaitAsync limit
                        cancelled.Cancel()
                        let! failure = Expect.throwsTask<exn>(fun () -> running.WaitAsync limit)

                        Expect.isTrue (failure.GetBaseException() :? OperationCanceledException) $"got {failure}"
                    })

            testTheoryTask
                "A callback on a pool thread keeps running after the end of its step and does not crash the process"
                [
                    "let listen (_: Step) (call: Action) =\n    new Timer((fun _ -> call.Invoke()), null, 10, 10)"
                    "let listen (step: Step) (call: Action) =\n    let info = System.Diagnostics.ProcessStartInfo(\"cat\", RedirectStandardInput = true, RedirectStandardOutput = true)\n    let cat = System.Diagnostics.Process.Start info |> Unchecked.nonNull\n    cat.OutputDataReceived.Add(fun _ -> call.Invoke())\n    cat.BeginOutputReadLine()\n    step.Vars[\"pid\"] <- string cat.Id\n    cat"
                ]
                (fun (listen: string) ->
                    task {
                        let work =
                            "let work (step: Step) =\n    let call = step.Service<Action>()\n    let kept = listen step call\n    call.Invoke()\n    (while true do ())\n    GC.KeepAlive kept\n    goto \"Done\""

                        let! result = Scripts.compile compiler (Scripts.script (listen + "\n" + work))
                        use script = Scripts.loaded result
                        use cancelled = new CancellationTokenSource()
                        let calls = Calls()
                        let step = stepWith calls cancelled.Token
                        let running = run script step
                        do! calls.NextAsync limit
                        cancelled.Cancel()
                        let! _ = Expect.throwsTask<exn>(fun () -> running.WaitAsync limit)

                        calls.Forget()

                        match step.Variables["pid"] with
                        | NonNull cat ->
                            Process.GetProcessById(int cat).Kill()
                            do! calls.NextAsync limit
                        | _ ->
                            for _ in 1..3 do
                                do! calls.NextAsync limit
                    })

            testCaseTask "An async block is stopped at any point when its step is cancelled" (fun () ->
                task {
                    let code =
                        "let work (step: Step) = async {\n    step.Service<Action>().Invoke()\n    do! Async.Sleep 1\n    while true do ()\n    return goto \"Done\" }"

                    let! result = Scripts.compile compiler (Scripts.script code)
                    use script = Scripts.loaded result

                    for round in 1..1000 do
                        use cancelled = new CancellationTokenSource()
                        let arrival = Arrival()
                        let running = run script (stepWith arrival cancelled.Token)
                        do! arrival.Task.WaitAsync limit
                        let arrived = Stopwatch.GetTimestamp()

                        while Stopwatch.GetElapsedTime arrived < TimeSpan.FromMicroseconds(float (3 * round)) do
                            Thread.SpinWait 10

                        cancelled.Cancel()
                        let! failure = Expect.throwsTask<exn>(fun () -> running.WaitAsync limit)
                        Expect.isTrue (failure.GetBaseException() :? OperationCanceledException) $"got {failure}"
                })

            testCaseTask "An OnCommit callback that does not end is stopped when its commit is cancelled" (fun () ->
                task {
                    let code =
                        "let work (step: Step) =\n    step.OnCommit(fun _ _ -> task { while true do () })\n    goto \"Done\""

                    let! result = Scripts.compile compiler (Scripts.script code)
                    use script = Scripts.loaded result
                    let step = stepWith (Arrival()) CancellationToken.None
                    let! _ = invoke script step
                    use cancelled = new CancellationTokenSource()
                    let write = Unchecked.nonNull step.CommitCallback

                    let writing =
                        Task.Run(fun () ->
                            write.Invoke(Unchecked.defaultof<_>, Unchecked.defaultof<_>, cancelled.Token))

                    cancelled.Cancel()

                    let! _ =
                        Expect.throwsTask<OperationCanceledException>(fun () -> writing.WaitAsync limit)

                    ()
                })

            testCaseTask "Cancelling after the function has returned does not affect later steps" (fun () ->
                task {
                    let! result = Scripts.compile compiler (Scripts.script Scripts.valid)
                    use script = Scripts.loaded result
                    use cancelled = new CancellationTokenSource()
                    let! next = invoke script (stepWith (Arrival()) cancelled.Token)
                    cancelled.Cancel()
                    Expect.equal next.Target "Done" "target"
                    let! again = invoke script (stepWith (Arrival()) CancellationToken.None)
                    Expect.equal again.Target "Done" "target"
                })
        ]
