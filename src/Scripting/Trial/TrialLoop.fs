namespace GopherFlow.Scripting

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading

/// A timer of the virtual clock.
type private TrialTimer = {
    Id: int64
    Due: DateTimeOffset
    Period: TimeSpan
    Fire: unit -> unit
    /// Set by a state function rather than by the engine.
    OfFunction: bool
}

/// The single-threaded event loop of a trial. Continuations wait in a queue; when it is empty, the clock advances to the next timer.
type internal TrialLoop() =
    inherit SynchronizationContext()

    /// How long the loop waits for a state function that is busy elsewhere, such as in a network call, before it skips the function's own
    /// virtual waits.
    let quiet = TimeSpan.FromMilliseconds 100.

    let beginning = DateTimeOffset.UtcNow
    let work = new BlockingCollection<unit -> unit>()
    let gate = obj ()
    let timers = Dictionary<int64, TrialTimer>()
    let busy = HashSet<int64>()
    let mutable now = beginning
    let mutable ids = 0L
    static let inFunction = AsyncLocal<bool>()

    let earliest () =
        lock gate (fun () ->
            if timers.Count = 0 then
                None
            else
                Some(timers.Values |> Seq.minBy (fun timer -> timer.Due, timer.Id)))

    let functionWaits () =
        lock gate (fun () -> timers.Values |> Seq.exists _.OfFunction)

    let isBusy () = lock gate (fun () -> busy.Count > 0)

    let turnClock (timer: TrialTimer) =
        lock gate (fun () ->
            now <- max now timer.Due

            if timer.Period > TimeSpan.Zero then
                timers[timer.Id] <- {
                    timer with
                        Due = timer.Due + timer.Period
                }
            else
                timers.Remove timer.Id |> ignore)

        timer.Fire()

    let turn () = earliest () |> Option.iter turnClock

    let take (timeout: TimeSpan) =
        let mutable next = ignore
        if work.TryTake(&next, timeout) then Some next else None

    let waitForFunction () =
        match take quiet with
        | Some next -> next ()
        | None when functionWaits () -> turn ()
        | None -> ()

    override loop.Post(callback, state) =
        let context = ExecutionContext.Capture()

        work.Add(fun () ->
            match context with
            | null -> callback.Invoke state
            | context -> ExecutionContext.Run(context, (fun state -> callback.Invoke state), state))

    override _.Send(callback, state) = callback.Invoke state

    override loop.CreateCopy() : SynchronizationContext = loop

    member _.Beginning = beginning

    member _.Now = lock gate (fun () -> now)

    /// Marks a workflow as busy: its function runs, possibly outside this thread.
    member _.Enter(workflow: int64) =
        inFunction.Value <- true
        lock gate (fun () -> busy.Add workflow |> ignore)

    /// Marks a workflow as not busy: its function has ended or is no longer awaited.
    member _.Leave(workflow: int64) =
        lock gate (fun () -> busy.Remove workflow |> ignore)

    member _.Forget(timer: int64) =
        lock gate (fun () -> timers.Remove timer |> ignore)

    /// Creates a timer or resets a known one.
    member loop.Set(known: int64 option, due: TimeSpan, period: TimeSpan, callback: unit -> unit) : int64 =
        lock gate (fun () ->
            ids <- ids + 1L
            let id = known |> Option.defaultValue ids
            timers.Remove id |> ignore

            if due >= TimeSpan.Zero then
                timers[id] <- {
                    Id = id
                    Due =
                        (if due > DateTimeOffset.MaxValue - now then
                             DateTimeOffset.MaxValue
                         else
                             now + due)
                    Period = period
                    Fire = fun () -> loop.Post((fun _ -> callback ()), null)
                    OfFunction = inFunction.Value
                }

            id)

    /// Runs the start function and all work that follows from it, until it is done or no work is left.
    member loop.Run(start: unit -> unit, isDone: unit -> bool, canGoOn: unit -> bool) : unit =
        SynchronizationContext.SetSynchronizationContext loop
        start ()

        while not (isDone ()) && (work.Count > 0 || isBusy () || canGoOn ()) do
            match take TimeSpan.Zero with
            | Some next -> next ()
            | None when isBusy () -> waitForFunction ()
            | None -> turn ()

/// The virtual clock of a trial. It stands still while code runs and skips every wait.
type internal TrialClock(loop: TrialLoop) =
    inherit TimeProvider()

    override _.GetUtcNow() = loop.Now

    override _.TimestampFrequency = TimeSpan.TicksPerSecond

    override _.GetTimestamp() = loop.Now.Ticks

    override _.CreateTimer(callback, state, dueTime, period) =
        let fire () = callback.Invoke state
        let id = loop.Set(None, dueTime, period, fire)

        {
            new ITimer with
                member _.Change(dueTime, period) =
                    loop.Set(Some id, dueTime, period, fire) |> ignore
                    true

                member _.Dispose() = loop.Forget id

                member _.DisposeAsync() =
                    loop.Forget id
                    Threading.Tasks.ValueTask.CompletedTask
        }
