namespace GopherFlow.Execution;

/// <summary>
/// Throttles creates. A create that can run here waits briefly for a free slot, so its row is inserted already claimed, and running
/// workflows get ahead of it. If no slot becomes free for a while because long steps hold them all, the workflow is stored unclaimed.
/// Creates beyond the limit are refused.
/// </summary>
/// <param name="running">The slots of this executor.</param>
/// <param name="mayClaim">Returns false while due workflows wait that a new one must not overtake, and while there is no lease.</param>
/// <param name="limit">How many creates may be unanswered at a time.</param>
/// <param name="longestWait">How long a create waits while no create gets a slot. It waits at most ten times as long in total.</param>
/// <param name="clock">Measures the waits.</param>
internal sealed class Admission(
    RunningWorkflows running,
    Func<bool> mayClaim,
    int limit,
    TimeSpan longestWait,
    DatabaseClock clock
) : IDisposable
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = new();
    private ITimer? timer;
    private bool isTimerSet;
    private TimeSpan lastAdmitted;
    private int creates;

    /// <summary>How many creates are unanswered.</summary>
    public int Waiting => Volatile.Read(ref creates);

    /// <summary>Registers a new create.</summary>
    /// <exception cref="OverloadedException">The limit has been reached.</exception>
    public void Begin()
    {
        if (Interlocked.Increment(ref creates) > limit)
        {
            Interlocked.Decrement(ref creates);
            throw new OverloadedException(limit);
        }
    }

    /// <summary>Unregisters a create that has been answered.</summary>
    public void End() => Interlocked.Decrement(ref creates);

    /// <summary>Takes a slot for a create, and waits if none is free.</summary>
    /// <returns>False if the wait has timed out, or if the executor stops. Store the workflow unclaimed then.</returns>
    public async ValueTask<bool> TakeSlotAsync(CancellationToken cancellation)
    {
        LinkedListNode<Waiter> mine;
        lock (gate)
        {
            if (waiting.Count == 0 && CanTakeSlot())
            {
                return true;
            }

            if (longestWait <= TimeSpan.Zero || running.Draining)
            {
                return false;
            }

            mine = waiting.AddLast(new Waiter(clock.Monotonic));
            SetTimer(longestWait);
        }

        await using (cancellation.UnsafeRegister((_, token) => Withdraw(mine, token), null))
        {
            return await mine.Value.Outcome.Task;
        }
    }

    /// <summary>Gives free slots to waiting creates. Call it when slots have become free, or when claiming is allowed again.</summary>
    public void Admit()
    {
        lock (gate)
        {
            while (waiting.First is { } first && CanTakeSlot())
            {
                waiting.RemoveFirst();
                lastAdmitted = clock.Monotonic;
                first.Value.Outcome.SetResult(true);
            }
        }
    }

    /// <summary>
    /// Ends all waits without a slot. Called while the executor drains, when no more slots become free and no new waits begin.
    /// </summary>
    public void EndAllWaits()
    {
        lock (gate)
        {
            while (waiting.First is { } first)
            {
                waiting.RemoveFirst();
                first.Value.Outcome.SetResult(false);
            }
        }
    }

    public void Dispose() => timer?.Dispose();

    private bool CanTakeSlot() => mayClaim() && running.Reserve(1) == 1;

    private TimeSpan EndOf(Waiter waiter)
    {
        var idle = (lastAdmitted > waiter.Began ? lastAdmitted : waiter.Began) + longestWait;
        var limit = waiter.Began + (10 * longestWait);
        return idle < limit ? idle : limit;
    }

    /// <summary>Sets the timer shared by all waits. The oldest wait times out first.</summary>
    private void SetTimer(TimeSpan wait)
    {
        if (!isTimerSet)
        {
            isTimerSet = true;
            timer ??= clock.CreateTimer(
                static admission => ((Admission)admission!).EndLongWaits(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
            timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndLongWaits()
    {
        lock (gate)
        {
            isTimerSet = false;
            while (waiting.First is { } first)
            {
                var left = EndOf(first.Value) - clock.Monotonic;
                if (left > TimeSpan.Zero)
                {
                    // Timers have millisecond resolution.
                    SetTimer(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1));
                    return;
                }

                waiting.RemoveFirst();
                first.Value.Outcome.SetResult(false);
            }
        }
    }

    private void Withdraw(LinkedListNode<Waiter> waiter, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (waiter.List is not null)
            {
                waiting.Remove(waiter);
                waiter.Value.Outcome.SetCanceled(cancellation);
            }
        }
    }

    private sealed class Waiter(TimeSpan began)
    {
        public TimeSpan Began { get; } = began;

        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
