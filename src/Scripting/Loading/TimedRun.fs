namespace GopherFlow.Scripting

open System
open System.Runtime
open System.Threading
open System.Threading.Tasks

#nowarn "44" // ControlledExecution is the one way to end code that does not want to end.

/// How code that was given a limit has ended.
type internal Ended<'value> =
    | Finished of 'value
    | Threw of exn
    /// It was ended at its limit.
    | Stopped
    /// It was to be ended, but does not end: it loops in a finally block, a type initialiser or native code.
    | Unstoppable

module internal TimedRun =

    /// Room for code that recurses deeply; only what is used of it becomes memory.
    [<Literal>]
    let private StackBytes = 67108864

    let private grace = TimeSpan.FromSeconds 2.

    let private attempt (stop: CancellationToken) (code: unit -> 'value) : Ended<'value> =
        let mutable ended = Stopped

        try
            ControlledExecution.Run(Action(fun () -> ended <- Finished(code ())), stop)
            ended
        with
        | :? OperationCanceledException when stop.IsCancellationRequested -> Stopped
        | failure -> Threw failure

    /// Runs code on a thread of its own, and ends it at the limit, wherever it is.
    let start (name: string) (limit: TimeSpan) (code: unit -> 'value) : Task<Ended<'value>> =
        task {
            use stop = new CancellationTokenSource()

            let ended =
                TaskCompletionSource<Ended<'value>> TaskCreationOptions.RunContinuationsAsynchronously

            let thread =
                Thread(
                    (fun () -> ended.SetResult(attempt stop.Token code)),
                    StackBytes,
                    Name = name,
                    IsBackground = true
                )

            thread.Start()

            let within (span: TimeSpan) =
                task {
                    let! first = Task.WhenAny(ended.Task, Task.Delay span)
                    return obj.ReferenceEquals(first, ended.Task)
                }

            match! within limit with
            | true -> return! ended.Task
            | false ->
                // Cancelling aborts the thread and waits until it has ended, so it must not be this one that waits.
                let cancelling = Task.Run(fun () -> stop.Cancel())

                match! within grace with
                | true ->
                    do! cancelling
                    return! ended.Task
                | false -> return Unstoppable
        }
