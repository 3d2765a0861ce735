namespace GopherFlow.Server.Tests

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks

/// A clock that stands still until a test moves it.
type ManualClock() =
    inherit TimeProvider()

    let gate = Lock()
    let timers = List<ManualTimer>()
    let mutable now = DateTimeOffset(2026, 11, 22, 19, 0, 0, TimeSpan.Zero)

    let takeDue () =
        lock gate (fun () ->
            let due = timers.FindAll(fun timer -> timer.IsDueAt now)
            due |> Seq.iter (fun timer -> timer.Rearm now)
            List.ofSeq due)

    override _.GetUtcNow() = lock gate (fun () -> now)
    override this.GetTimestamp() = this.GetUtcNow().UtcTicks
    override _.TimestampFrequency = TimeSpan.TicksPerSecond

    override this.CreateTimer(callback, state, dueTime, period) =
        let timer =
            new ManualTimer(
                callback,
                state,
                this.GetUtcNow,
                (fun ended -> lock gate (fun () -> timers.Remove ended |> ignore))
            )

        lock gate (fun () -> timers.Add timer)
        timer.Arm(dueTime, period)
        timer

    /// Advances the clock and fires the timers that are due.
    member _.Advance(by: TimeSpan) =
        lock gate (fun () -> now <- now + by)
        takeDue () |> List.iter _.Fire()

    /// Advances the clock in steps until the task has completed.
    member this.AdvanceUntil(step: TimeSpan, happened: Task) =
        task {
            while not happened.IsCompleted do
                this.Advance step
                do! Task.Yield()
        }

/// A timer of a ManualClock.
and ManualTimer(callback: TimerCallback, state: obj | null, now: unit -> DateTimeOffset, ended: ManualTimer -> unit) =
    let mutable due = DateTimeOffset.MaxValue
    let mutable every = Timeout.InfiniteTimeSpan

    member _.IsDueAt(instant: DateTimeOffset) = due <= instant

    member _.Rearm(instant: DateTimeOffset) =
        due <-
            if every > TimeSpan.Zero then
                instant + every
            else
                DateTimeOffset.MaxValue

    member _.Fire() = callback.Invoke state

    member this.Arm(dueTime: TimeSpan, period: TimeSpan) =
        every <- period

        if dueTime = Timeout.InfiniteTimeSpan then
            due <- DateTimeOffset.MaxValue
        elif dueTime <= TimeSpan.Zero then
            this.Rearm(now ())
            ThreadPool.QueueUserWorkItem(fun _ -> this.Fire()) |> ignore
        else
            due <- now () + dueTime

    interface ITimer with
        member this.Change(dueTime, period) =
            this.Arm(dueTime, period)
            true

        member this.Dispose() = ended this

        member this.DisposeAsync() =
            ended this
            ValueTask.CompletedTask
