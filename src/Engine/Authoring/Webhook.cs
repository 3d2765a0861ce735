namespace GopherFlow.Authoring;

/// <summary>
/// A receiver to call over HTTP when a workflow has ended. Its URL and the secret that it shares with the server are settings
/// (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
/// </summary>
/// <param name="Name">The name of the receiver in the settings.</param>
public sealed record Webhook(string Name)
{
    /// <summary>Which endings trigger the call. Default: all.</summary>
    public WorkflowEnds On { get; init; } = WorkflowEnds.All;
}

/// <summary>
/// Calls a receiver over HTTP when a workflow of this class has ended. The URL of the receiver and the secret that it shares with the
/// server are settings (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
/// </summary>
/// <param name="name">The name of the receiver in the settings.</param>
/// <example><code>[Webhook("shop", On = WorkflowEnds.Finished | WorkflowEnds.Failed)]</code></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WebhookAttribute(string name) : Attribute
{
    /// <summary>The name of the receiver in the settings.</summary>
    public string Name { get; } = name;

    /// <summary>Which endings trigger the call. Default: all.</summary>
    public WorkflowEnds On { get; set; } = WorkflowEnds.All;
}
