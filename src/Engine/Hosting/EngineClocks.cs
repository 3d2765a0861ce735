namespace GopherFlow.Hosting;

/// <summary>
/// The clocks of an engine. A <see cref="TimeProvider"/> that an application registers for itself is none of them: the engine keeps to
/// the database's time and to real timers.
/// </summary>
/// <param name="Process">Timers and the monotonic clock of the process.</param>
/// <param name="Database">A clock in place of the database's; null for the database's own.</param>
internal sealed record EngineClocks(TimeProvider Process, TimeProvider? Database = null)
{
    public static EngineClocks Real { get; } = new(TimeProvider.System);

    /// <summary>One clock for everything, turned by the test that made it.</summary>
    public static EngineClocks TurnedBy(TimeProvider clock) => new(clock, clock);
}
