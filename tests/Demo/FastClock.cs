using System.Diagnostics;

namespace GopherFlow.Demo.Tests;

/// <summary>
/// The system clock sped up by a factor. Every wait of the engine is a real but shorter wait, and the timestamps it writes are as far
/// apart as in production.
/// </summary>
internal sealed class FastClock(double speed) : TimeProvider
{
    private readonly DateTimeOffset start = System.GetUtcNow();
    private readonly long startTimestamp = Stopwatch.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + (Stopwatch.GetElapsedTime(startTimestamp) * speed);

    public override long GetTimestamp() => startTimestamp + (long)((Stopwatch.GetTimestamp() - startTimestamp) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(speed, System.CreateTimer(callback, state, Shorter(dueTime, speed), Shorter(period, speed)));

    /// <summary>In whole milliseconds, rounded up, because real timers never fire early.</summary>
    private static TimeSpan Shorter(TimeSpan time, double speed) =>
        time > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / speed)) : time;

    private sealed class FastTimer(double speed, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            inner.Change(Shorter(dueTime, speed), Shorter(period, speed));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
