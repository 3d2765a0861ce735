namespace GopherFlow.Rules;

/// <summary>External ids that are the engine's own.</summary>
internal static class ReservedIds
{
    private static readonly string[] Prefixes = [ScheduleRecord.ActorPrefix, WebhookRule.ExternalIdPrefix];

    /// <summary>What such an id begins with; null for an id that is anybody's.</summary>
    public static string? PrefixOf(string? externalId) =>
        externalId is null
            ? null
            : Array.Find(Prefixes, prefix => externalId.StartsWith(prefix, StringComparison.Ordinal));
}
