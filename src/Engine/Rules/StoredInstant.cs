namespace GopherFlow.Rules;

/// <summary>
/// Instants as every store keeps them: in UTC with microsecond precision. Requests to the store convert their instants to this form, so a
/// store returns exactly the instants that it was given.
/// </summary>
internal static class StoredInstant
{
    public static DateTimeOffset AsStored(this DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset? AsStored(this DateTimeOffset? instant) => instant?.AsStored();
}
