using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The wake-up signal for a single waiter.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A process can be delayed between reading the clock and starting its timer. The timer would then fire late by the same amount;
    /// on a virtual clock it would never fire.
    /// </summary>
    [Fact]
    public async Task An_instant_reached_before_the_timer_starts_ends_the_wait()
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

    /// <summary>A clock that advances by a span right before each timer is started, and whose timers never fire.</summary>
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
