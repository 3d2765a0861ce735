namespace GopherFlow.Webhooks;

/// <summary>The address and secrets of a webhook receiver.</summary>
/// <param name="Name">The name that definitions use.</param>
/// <param name="Url">The URL to post to.</param>
/// <param name="Secrets">One secret, or two during a rotation.</param>
internal sealed record WebhookTarget(string Name, Uri Url, IReadOnlyList<WebhookSecret> Secrets);
