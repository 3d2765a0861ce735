namespace GopherFlow.Execution;

/// <summary>
/// A wake-up for one waiter. Setting it while nobody waits is remembered; setting it twice is the same as once.
/// </summary>
internal sealed class Signal(TimeProvider clock)
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
                waiting.SetResult();
            }
            else
            {
                set = true;
            }
        }
    }

    /// <summary>Waits until it is set, the time is up, or the wait is cancelled, whichever comes first.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        Task woken;
        lock (gate)
        {
            if (set || atMost <= TimeSpan.Zero)
            {
                set = false;
                return;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            woken = waiter.Task;
        }

        await woken
            .WaitAsync(RoundedUp(atMost), clock, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            waiter = null;
        }
    }

    /// <summary>Timers count whole milliseconds; a wait that is cut off below would only have to be repeated.</summary>
    private static TimeSpan RoundedUp(TimeSpan span) =>
        span >= LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
}
