using GopherFlow.Rules;

namespace GopherFlow.Execution;

/// <summary>Instants as the engine stores them: in UTC with microsecond precision, which every database supports.</summary>
internal static class EngineClock
{
    /// <summary>The current instant.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    /// <summary>The instant in UTC, truncated to microseconds.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) => instant.AsStored();
}
