namespace GopherFlow.Execution;

/// <summary>
/// The database's clock, as this process knows it: an offset to its own monotonic clock, set with each heartbeat. The wall clock of the
/// process is never read. Timers are the process's; they count durations.
/// </summary>
internal sealed class DatabaseClock(TimeProvider process) : TimeProvider
{
    private const long Unknown = long.MinValue;

    private readonly long origin = process.GetTimestamp();
    private long offset = Unknown;

    /// <summary>How long this clock has been there, by the process's monotonic clock: what steps of no clock change.</summary>
    public TimeSpan Monotonic => process.GetElapsedTime(origin);

    public override TimeZoneInfo LocalTimeZone => process.LocalTimeZone;

    public override long TimestampFrequency => process.TimestampFrequency;

    /// <exception cref="InvalidOperationException">The database has not been asked yet.</exception>
    public override DateTimeOffset GetUtcNow()
    {
        var known = Volatile.Read(ref offset);
        return known == Unknown
            ? throw new InvalidOperationException("The executor has not started: the database's time is not known yet.")
            : new DateTimeOffset(known + Monotonic.Ticks, TimeSpan.Zero);
    }

    public override long GetTimestamp() => process.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        process.CreateTimer(callback, state, dueTime, period);

    /// <summary>
    /// Takes what the database's clock showed at some moment between a question and its answer. The clock is left as it is if it may
    /// be right, else it is set to the nearest that may be (Cristian's algorithm).
    /// </summary>
    public void Set(TimeSpan asked, TimeSpan answered, DateTimeOffset shown)
    {
        var (least, most) = (shown.UtcTicks - answered.Ticks, shown.UtcTicks - asked.Ticks);
        var known = Volatile.Read(ref offset);
        Volatile.Write(ref offset, known == Unknown ? least + ((most - least) / 2) : Math.Clamp(known, least, most));
    }
}
