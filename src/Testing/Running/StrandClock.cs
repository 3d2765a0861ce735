namespace GopherFlow.Testing.Running;

/// <summary>
/// The author's own clock, with its timers fired on the strand: the author turns it on a thread of his own, and a callback there would run
/// beside the engine's.
/// </summary>
/// <param name="turned">The author's clock.</param>
/// <param name="strand">Where the engine runs.</param>
internal sealed class StrandClock(TimeProvider turned, Strand strand) : TimeProvider
{
    public override long TimestampFrequency => turned.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => turned.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => turned.GetUtcNow();

    public override long GetTimestamp() => turned.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        turned.CreateTimer(fired => strand.RunAsync(() => callback(fired)), state, dueTime, period);
}
