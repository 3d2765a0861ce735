using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>Instants as the engine keeps them: UTC, to the microsecond, which every database can hold.</summary>
internal static class EngineClock
{
    /// <summary>The current instant.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    /// <summary>The instant without what is finer than a microsecond, in UTC.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) => instant.AsStored();
}
