using GopherFlow.Definitions;

namespace GopherFlow.Webhooks;

/// <summary>The webhook receivers that are configured for this process.</summary>
/// <param name="targets">The receivers, with unique names.</param>
/// <param name="timeout">How long a receiver may take to answer.</param>
internal sealed class WebhookTargets(IReadOnlyList<WebhookTarget> targets, TimeSpan timeout)
{
    /// <summary>No receivers.</summary>
    public static WebhookTargets None { get; } = new([], TimeSpan.Zero);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>The names of the receivers.</summary>
    public IEnumerable<string> Names => targets.Select(target => target.Name);

    /// <summary>Finds a receiver by its name. The match is case-sensitive.</summary>
    public WebhookTarget? Find(string name) => targets.FirstOrDefault(target => target.Name == name);

    /// <summary>Returns an error for each webhook of a definition that is not configured in this process.</summary>
    public IEnumerable<DefinitionFault> FaultsOf(WorkflowDefinition definition) =>
        definition
            .Webhooks.Where(webhook => Find(webhook.Name) is null)
            .Select(webhook => new DefinitionFault(
                definition.Name,
                null,
                $"names the webhook '{webhook.Name}', which this process does not know; expected "
                    + (targets.Count > 0 ? $"one of {string.Join(", ", Names)}, or a further one" : "one")
                    + " in GFLOW_WEBHOOK_URLS and GFLOW_WEBHOOK_SECRETS"
            ));
}
