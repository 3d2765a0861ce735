namespace GopherFlow.Execution;

/// <summary>
/// Admits creates: a create that can run here waits a little for a free slot, so that its row is inserted already claimed and steps go
/// before it. When no slot becomes free for a while, because long steps hold them all, it is stored unclaimed. Beyond the limit creates
/// are refused.
/// </summary>
/// <param name="running">Has the slots.</param>
/// <param name="mayClaim">False while due workflows wait that a new one must not overtake, and while there is no lease.</param>
/// <param name="limit">How many creates there may be that are not answered yet.</param>
/// <param name="longestWait">How long one waits while no slot becomes free; ten times that in all.</param>
/// <param name="clock">Counts that.</param>
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

    /// <summary>How many creates are not answered yet.</summary>
    public int Waiting => Volatile.Read(ref creates);

    /// <summary>A create is to be made.</summary>
    /// <exception cref="OverloadedException">There are too many already.</exception>
    public void Begin()
    {
        if (Interlocked.Increment(ref creates) > limit)
        {
            Interlocked.Decrement(ref creates);
            throw new OverloadedException(limit);
        }
    }

    /// <summary>A create has been answered.</summary>
    public void End() => Interlocked.Decrement(ref creates);

    /// <summary>Takes a slot for a create, and waits for it if there is none.</summary>
    /// <returns>False when it has waited long enough, or the executor stops: it is to be stored unclaimed.</returns>
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

    /// <summary>Slots may have become free, or nothing is in the way any more.</summary>
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

    /// <summary>Ends every wait, because runs drain: no slot becomes free any more, and no other wait begins.</summary>
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

    /// <summary>One timer serves all: the first to come is the first to time out.</summary>
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
