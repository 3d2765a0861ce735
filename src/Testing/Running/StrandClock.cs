namespace GopherFlow.Testing.Running;

/// <summary>
/// Wraps the author's own clock so that its timers fire on the strand. The author advances the clock on another thread, where a callback
/// would run in parallel with the engine.
/// </summary>
/// <param name="turned">The author's clock.</param>
/// <param name="strand">The strand of the engine.</param>
internal sealed class StrandClock(TimeProvider turned, Strand strand) : TimeProvider
{
    public override long TimestampFrequency => turned.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => turned.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => turned.GetUtcNow();

    public override long GetTimestamp() => turned.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        turned.CreateTimer(fired => strand.RunAsync(() => callback(fired)), state, dueTime, period);
}
