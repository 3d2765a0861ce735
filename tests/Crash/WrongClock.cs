namespace GopherFlow.Crash;

/// <summary>The clock of a machine whose wall clock is wrong. Its timers and its monotonic clock are right.</summary>
internal sealed class WrongClock(TimeSpan ahead) : TimeProvider
{
    /// <summary>The setting of an executor that says by how many seconds its wall clock is ahead.</summary>
    public const string Setting = "CRASH_CLOCK_AHEAD";

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
