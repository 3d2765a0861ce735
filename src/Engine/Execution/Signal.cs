namespace GopherFlow.Execution;

/// <summary>
/// A wake-up for one waiter. Set without a waiter it is remembered; set twice it is the same as once.
/// </summary>
internal sealed class Signal(DatabaseClock clock)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private bool set;

    /// <summary>Wakes the waiter, or the next one.</summary>
    public void Set()
    {
        lock (gate)
        {
            if (waiter is { } waiting)
            {
                waiter = null;
                waiting.TrySetResult();
            }
            else
            {
                set = true;
            }
        }
    }

    /// <summary>Waits until it is set or the wait is cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        if (Begin() is not { } waiting)
        {
            return;
        }

        await using (cancellation.UnsafeRegister(End, waiting))
        {
            await waiting.Task;
        }

        Finish();
    }

    /// <summary>Waits until it is set, an instant of the monotonic clock has come, or the wait is cancelled, whichever comes first.</summary>
    /// <remarks>
    /// Timer and cancellation complete the waiter itself. Task.WaitAsync would pass a completion on through the thread pool,
    /// because the waiter does not run continuations inline.
    /// </remarks>
    public async Task WaitUntilAsync(TimeSpan instant, CancellationToken cancellation)
    {
        if (Begin() is not { } waiting)
        {
            return;
        }

        var span = RoundedUp(instant <= clock.Monotonic ? TimeSpan.Zero : instant - clock.Monotonic);
        await using (clock.CreateTimer(End, waiting, span, Timeout.InfiniteTimeSpan))
        await using (cancellation.UnsafeRegister(End, waiting))
        {
            // The instant may have come between the look at the clock and the start of the timer.
            if (instant <= clock.Monotonic)
            {
                End(waiting);
            }

            await waiting.Task;
        }

        Finish();
    }

    /// <returns>What to wait for; null when it is set already.</returns>
    private TaskCompletionSource? Begin()
    {
        lock (gate)
        {
            if (set)
            {
                set = false;
                return null;
            }

            return waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Finish()
    {
        lock (gate)
        {
            waiter = null;
        }
    }

    private static void End(object? waiting) => ((TaskCompletionSource)waiting!).TrySetResult();

    /// <summary>Timers count whole milliseconds; a wait that is cut off below would only have to be repeated.</summary>
    private static TimeSpan RoundedUp(TimeSpan span) =>
        span >= LongestTimer ? LongestTimer
        : span <= TimeSpan.Zero ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}
