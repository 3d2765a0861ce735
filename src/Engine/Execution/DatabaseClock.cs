namespace GopherFlow.Execution;

/// <summary>
/// An estimate of the database's clock: an offset to the monotonic clock of this process, adjusted with each heartbeat. The wall clock of
/// the process is never read. Timers are those of the process, since they only measure durations.
/// </summary>
internal sealed class DatabaseClock(TimeProvider process) : TimeProvider
{
    private const long Unknown = long.MinValue;

    private readonly long origin = process.GetTimestamp();
    private long offset = Unknown;

    /// <summary>
    /// The time since this object was created, by the process's monotonic clock. Adjustments of other clocks do not affect it.
    /// </summary>
    public TimeSpan Monotonic => process.GetElapsedTime(origin);

    public override TimeZoneInfo LocalTimeZone => process.LocalTimeZone;

    public override long TimestampFrequency => process.TimestampFrequency;

    /// <exception cref="InvalidOperationException">The database's time has not been read yet.</exception>
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
    /// Adjusts the clock to a reading of the database's clock, taken at some moment between a request and its answer. If the current offset
    /// is consistent with the reading, it stays. Otherwise it moves to the nearest consistent value (Cristian's algorithm).
    /// </summary>
    public void Set(TimeSpan asked, TimeSpan answered, DateTimeOffset shown)
    {
        var (least, most) = (shown.UtcTicks - answered.Ticks, shown.UtcTicks - asked.Ticks);
        var known = Volatile.Read(ref offset);
        Volatile.Write(ref offset, known == Unknown ? least + ((most - least) / 2) : Math.Clamp(known, least, most));
    }
}
