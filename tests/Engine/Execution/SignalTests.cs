using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The wake-up for one waiter.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A process can be held up between the look at the clock and the start of its timer. The timer then starts late and would end
    /// late by as much; on a clock that a test turns it would never end.
    /// </summary>
    [Fact]
    public async Task An_instant_that_comes_before_the_timer_has_started_ends_the_wait()
    {
        var signal = new Signal(new DatabaseClock(new HeldUpClock(heldUp: TimeSpan.FromSeconds(10))));

        var stop = TestContext.Current.CancellationToken;
        await signal.WaitUntilAsync(TimeSpan.FromSeconds(5), stop).WaitAsync(LongestWait, stop);
    }

    [Fact]
    public async Task A_wake_up_before_the_wait_is_remembered_once()
    {
        var stop = TestContext.Current.CancellationToken;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var signal = new Signal(new DatabaseClock(TimeProvider.System));
        signal.Set();
        signal.Set();

        await signal.WaitUntilAsync(TimeSpan.MaxValue, cancellation.Token).WaitAsync(LongestWait, stop);
        var second = signal.WaitUntilAsync(TimeSpan.MaxValue, cancellation.Token);
        Assert.False(second.IsCompleted);

        await cancellation.CancelAsync();
        await second.WaitAsync(LongestWait, stop);
    }

    /// <summary>A clock that advances by a span whenever a timer is started, before it is; its timers never fire.</summary>
    private sealed class HeldUpClock(TimeSpan heldUp) : TimeProvider
    {
        private TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            now += heldUp;
            return new SilentTimer();
        }
    }

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
