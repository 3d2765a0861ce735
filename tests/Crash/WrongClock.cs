namespace GopherFlow.Crash;

/// <summary>A clock whose wall clock is wrong, but whose timers and monotonic clock are correct.</summary>
internal sealed class WrongClock(TimeSpan ahead) : TimeProvider
{
    /// <summary>The setting with the seconds by which the wall clock of an executor is ahead.</summary>
    public const string Setting = "CRASH_CLOCK_AHEAD";

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
