namespace GopherFlow.Execution;

/// <summary>
/// An auto-reset event for one waiter. If it is set without a waiter, this is remembered; setting it twice has the same effect as once.
/// </summary>
internal sealed class Signal(DatabaseClock clock)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private bool set;

    /// <summary>Wakes the waiter. Without a waiter, the next wait completes immediately.</summary>
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

    /// <summary>Waits until it is set or the token is cancelled. Does not throw on cancellation.</summary>
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

    /// <summary>
    /// Waits until it is set, an instant of the monotonic clock is reached, or the token is cancelled. Does not throw on cancellation.
    /// </summary>
    /// <remarks>
    /// Timer and cancellation complete the waiter itself. Task.WaitAsync would complete through the thread pool, because the waiter does
    /// not run continuations inline.
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
            // The instant may have passed between reading the clock and starting the timer.
            if (instant <= clock.Monotonic)
            {
                End(waiting);
            }

            await waiting.Task;
        }

        Finish();
    }

    /// <returns>The task to wait for, or null if it is already set.</returns>
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

    /// <summary>Rounds up to whole milliseconds, the resolution of timers, because a wait that ends too early would be repeated.</summary>
    private static TimeSpan RoundedUp(TimeSpan span) =>
        span >= LongestTimer ? LongestTimer
        : span <= TimeSpan.Zero ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}
