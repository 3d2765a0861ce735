namespace GopherFlow.Rules;

/// <summary>
/// Instants as every store keeps them: UTC, to the microsecond. The requests of the port hold them so, whatever they are given,
/// so that what a store answers and what it has stored are the same instant.
/// </summary>
internal static class StoredInstant
{
    public static DateTimeOffset AsStored(this DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset? AsStored(this DateTimeOffset? instant) => instant?.AsStored();
}
