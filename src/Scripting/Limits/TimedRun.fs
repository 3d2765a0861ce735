namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks

/// How code that was given a limit has ended.
type internal Ended<'value> =
    | Finished of 'value
    | Threw of exn
    /// It was ended at its limit.
    | Stopped
    /// It was to be ended, but does not end: it is deep in a library that calls nothing of the script.
    | Unstoppable

/// Runs code on a thread of its own, and ends it at a limit.
module internal TimedRun =

    let private patience = TimeSpan.FromMilliseconds 100.
    let private grace = TimeSpan.FromSeconds 2.

    let private attempt (limit: RunLimit) (code: CancellationToken -> 'value) : Ended<'value> =
        RunLimit.Current <- limit

        try
            let value = code limit.Token
            if limit.IsOver then Stopped else Finished value
        with
        | _ when limit.IsOver -> Stopped
        | failure -> Threw failure

    /// An interruption may come late, when the code has just ended by itself.
    let rec private uninterrupted (action: unit -> unit) =
        try
            action ()
        with :? ThreadInterruptedException ->
            uninterrupted action

    let private endsWithin (span: TimeSpan) (running: Task) =
        task {
            use timer = new CancellationTokenSource()
            let! first = Task.WhenAny(running, Task.Delay(span, timer.Token))
            timer.Cancel()
            return obj.ReferenceEquals(first, running)
        }

    /// <param name="name">The name of the thread.</param>
    /// <param name="stackBytes">The size of its stack; only what is used of it becomes memory.</param>
    /// <param name="limit">When it is ended.</param>
    /// <param name="code">What runs; its token is set at the limit.</param>
    /// <returns>How it ended, and the limit, which can be used to end what the code has left running.</returns>
    let start
        (name: string)
        (stackBytes: int)
        (limit: TimeSpan)
        (code: CancellationToken -> 'value)
        : Task<Ended<'value> * RunLimit> =
        task {
            let started =
                TaskCompletionSource<RunLimit> TaskCreationOptions.RunContinuationsAsynchronously

            let ended =
                TaskCompletionSource<Ended<'value>> TaskCreationOptions.RunContinuationsAsynchronously

            let run () =
                let over = RunLimit()
                started.SetResult over
                let result = attempt over code
                uninterrupted (fun () -> ended.TrySetResult result |> ignore)

            let thread = Thread(run, stackBytes, Name = name, IsBackground = true)
            thread.Start()
            let! over = started.Task
            let! inTime = endsWithin limit ended.Task

            if not inTime then
                over.End()
                let! noticed = endsWithin patience ended.Task

                // A thread that sleeps or waits asks nothing.
                if not noticed then
                    thread.Interrupt()

            match! endsWithin grace ended.Task with
            | true ->
                let! ended = ended.Task
                return ended, over
            | false -> return Unstoppable, over
        }
