namespace GopherFlow.Hosting;

/// <summary>
/// The clocks of an engine. The engine ignores a <see cref="TimeProvider"/> that the application registers, and uses the database's time
/// and real timers.
/// </summary>
/// <param name="Process">The timers and the monotonic clock of the process.</param>
/// <param name="Database">A clock to use instead of the database's; null for the database's own.</param>
internal sealed record EngineClocks(TimeProvider Process, TimeProvider? Database = null)
{
    public static EngineClocks Real { get; } = new(TimeProvider.System);

    /// <summary>A single clock for the process and the database, controlled by a test.</summary>
    public static EngineClocks TurnedBy(TimeProvider clock) => new(clock, clock);
}
