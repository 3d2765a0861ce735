namespace GopherFlow.Testing.Running;

/// <summary>
/// The clock of the engine and of the author's code. It delegates to the clock that the test advances, and tracks the timers that state
/// functions set.
/// </summary>
/// <param name="turned">The clock that the test advances.</param>
/// <param name="changed">Called when a state function sets a timer.</param>
internal sealed class FlowClock(TimeProvider turned, Action changed) : TimeProvider
{
    private readonly TimeProvider turned = turned;
    private readonly Action changed = changed;
    private readonly AsyncLocal<StepCall?> current = new();

    public override long TimestampFrequency => turned.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => turned.LocalTimeZone;

    /// <summary>The state function call that the current code belongs to.</summary>
    public StepCall? Current
    {
        get => current.Value;
        set => current.Value = value;
    }

    public override DateTimeOffset GetUtcNow() => turned.GetUtcNow();

    public override long GetTimestamp() => turned.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Current is { HasReturned: false } call
            ? new StepTimer(this, call, callback, state, dueTime, period)
            : turned.CreateTimer(callback, state, dueTime, period);

    /// <summary>A timer set by a state function.</summary>
    private sealed class StepTimer : ITimer
    {
        private readonly FlowClock clock;
        private readonly StepCall call;
        private readonly ITimer timer;
        private TimeSpan period;

        public StepTimer(
            FlowClock clock,
            StepCall call,
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            (this.clock, this.call) = (clock, call);
            timer = clock.turned.CreateTimer(
                fired =>
                {
                    Fired();
                    callback(fired);
                },
                state,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            Note(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            call.RemoveTimer(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            call.RemoveTimer(this);
            return timer.DisposeAsync();
        }

        private void Fired() => Note(period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan);

        private void Note(TimeSpan wait)
        {
            if (wait <= TimeSpan.Zero)
            {
                call.RemoveTimer(this);
                return;
            }

            var now = clock.GetUtcNow();
            call.SetTimer(this, wait > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + wait);
            clock.changed();
        }
    }
}
