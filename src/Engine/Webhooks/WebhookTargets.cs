using GopherFlow.Definitions;

namespace GopherFlow.Webhooks;

/// <summary>The receivers of webhooks that this process knows.</summary>
/// <param name="targets">One for each name.</param>
/// <param name="timeout">How long a receiver may take to answer.</param>
internal sealed class WebhookTargets(IReadOnlyList<WebhookTarget> targets, TimeSpan timeout)
{
    /// <summary>Nobody.</summary>
    public static WebhookTargets None { get; } = new([], TimeSpan.Zero);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => targets.Select(target => target.Name);

    /// <summary>The receiver of that name, compared exactly; null when there is none.</summary>
    public WebhookTarget? Find(string name) => targets.FirstOrDefault(target => target.Name == name);

    /// <summary>Webhooks of a definition that are not among the settings.</summary>
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
