namespace GopherFlow.Authoring;

/// <summary>
/// A receiver that is called over HTTP when a workflow has ended. Where it is and the secret that it shares with the server are settings
/// (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
/// </summary>
/// <param name="Name">The name under which the settings know it.</param>
public sealed record Webhook(string Name)
{
    /// <summary>The ends for which it is called. Default: all.</summary>
    public WorkflowEnds On { get; init; } = WorkflowEnds.All;
}

/// <summary>
/// Tells a receiver over HTTP when a workflow of the class has ended. Where the receiver is and the secret that it shares with the server
/// are settings (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
/// </summary>
/// <param name="name">The name under which the settings know the receiver.</param>
/// <example><code>[Webhook("shop", On = WorkflowEnds.Finished | WorkflowEnds.Failed)]</code></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WebhookAttribute(string name) : Attribute
{
    /// <summary>The name under which the settings know the receiver.</summary>
    public string Name { get; } = name;

    /// <summary>The ends for which it is called. Default: all.</summary>
    public WorkflowEnds On { get; set; } = WorkflowEnds.All;
}
