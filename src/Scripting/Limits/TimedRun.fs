namespace GopherFlow.Scripting

open System
open System.Threading
open System.Threading.Tasks

/// How code with a time limit ended.
type internal Ended<'value> =
    | Finished of 'value
    | Threw of exn
    /// It was stopped at its limit.
    | Stopped
    /// It did not stop at its limit: it is inside a library that calls no script code.
    | Unstoppable

/// Runs code on its own thread and stops it at a time limit.
module internal TimedRun =

    let private notice = TimeSpan.FromMilliseconds 100.
    let private grace = TimeSpan.FromSeconds 2.

    let private attempt (code: CancellationToken -> 'value) (limit: CancellationToken) : Ended<'value> =
        try
            let value = RunLimit.Within(limit, (fun () -> code limit))

            if limit.IsCancellationRequested then
                Stopped
            else
                Finished value
        with
        | _ when limit.IsCancellationRequested -> Stopped
        | failure -> Threw failure

    /// Repeats the action if a late Thread.Interrupt hits it just after the code has ended by itself.
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
    /// <param name="stackBytes">The size of its stack. Only the used part takes up memory.</param>
    /// <param name="limit">The time after which it is stopped.</param>
    /// <param name="code">The code to run. Its token is cancelled at the limit.</param>
    /// <returns>How it ended, and the source of its token, which stops work that the code has left running.</returns>
    let start
        (name: string)
        (stackBytes: int)
        (limit: TimeSpan)
        (code: CancellationToken -> 'value)
        : Task<Ended<'value> * CancellationTokenSource> =
        task {
            let over = new CancellationTokenSource()

            let ended =
                TaskCompletionSource<Ended<'value>> TaskCreationOptions.RunContinuationsAsynchronously

            let run () =
                let result = attempt code over.Token
                uninterrupted (fun () -> ended.TrySetResult result |> ignore)

            let thread = Thread(run, stackBytes, Name = name, IsBackground = true)
            thread.Start()
            let! inTime = endsWithin limit ended.Task

            if not inTime then
                over.Cancel()
                let! noticed = endsWithin notice ended.Task

                // A thread that sleeps or waits does not check the token.
                if not noticed then
                    thread.Interrupt()

            match! endsWithin grace ended.Task with
            | true ->
                let! ended = ended.Task
                return ended, over
            | false -> return Unstoppable, over
        }
