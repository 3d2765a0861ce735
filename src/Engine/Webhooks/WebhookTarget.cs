namespace GopherFlow.Webhooks;

/// <summary>Where a receiver of webhooks is, and what it shares with this server.</summary>
/// <param name="Name">The name by which definitions choose it.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Secrets">One secret, or two while they are being changed.</param>
internal sealed record WebhookTarget(string Name, Uri Url, IReadOnlyList<WebhookSecret> Secrets);
