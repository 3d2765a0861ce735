namespace GopherFlow.Rules;

/// <summary>External ids that are reserved for the engine.</summary>
internal static class ReservedIds
{
    private static readonly string[] Prefixes = [ScheduleRecord.ActorPrefix, WebhookRule.ExternalIdPrefix];

    /// <summary>The reserved prefix of an id, or null if the id is not reserved.</summary>
    public static string? PrefixOf(string? externalId) =>
        externalId is null
            ? null
            : Array.Find(Prefixes, prefix => externalId.StartsWith(prefix, StringComparison.Ordinal));
}
