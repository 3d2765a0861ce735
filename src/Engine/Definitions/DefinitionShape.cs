using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>What can be shown of a definition, also of one whose code is not at hand. Stored and sent as JSON.</summary>
/// <param name="InitialState">Where a workflow starts.</param>
/// <param name="Retry">The policy of states that have none of their own.</param>
/// <param name="States">All states, in the order in which they are shown.</param>
/// <param name="CancelState">Where a cancelled workflow goes to clean up, or null.</param>
/// <param name="Tracing">What the history keeps of the variables; null for all values.</param>
/// <param name="Retention">How long workflows are kept after their end, or null when the definition says nothing of it.</param>
/// <param name="Limits">How many of its workflows may run at once, or begin within a span; null for any number.</param>
/// <param name="FailureState">Where a workflow goes when a state fails for good, or null.</param>
/// <param name="Webhooks">The webhooks to call when one of its workflows has ended; null for none.</param>
public sealed record DefinitionShape(
    string InitialState,
    RetryShape Retry,
    IReadOnlyList<StateShape> States,
    string? CancelState = null,
    VariableTracing? Tracing = null,
    RetentionShape? Retention = null,
    IReadOnlyList<LimitShape>? Limits = null,
    string? FailureState = null,
    IReadOnlyList<WebhookShape>? Webhooks = null
)
{
    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web);

    /// <summary>The shape of a sound definition.</summary>
    public static DefinitionShape Of(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(
            definition.InitialState,
            RetryShape.Of(definition.Retry),
            [
                .. definition.States.Select(state => new StateShape(
                    state.Name,
                    state.Type.ToString(),
                    [.. state.GoesTo],
                    state.Retry is { } retry ? RetryShape.Of(retry) : null,
                    state.Timeout?.TotalSeconds,
                    state.Signal?.Name,
                    LimitShape.Of(state.Limits),
                    state.CompensatedBy
                )),
            ],
            definition.CancelState,
            definition.Tracing is { KeepsValues: true, Secrets.Count: 0 } ? null : definition.Tracing,
            RetentionShape.Of(definition.Retention),
            LimitShape.Of(definition.Limits),
            definition.FailureState,
            WebhookShape.Of(definition.Webhooks)
        );
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a shape.</exception>
    public static DefinitionShape Parse(string json) =>
        JsonSerializer.Deserialize<DefinitionShape>(json, Serialization)
        ?? throw new JsonException("The shape is null.");

    /// <summary>As JSON, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);
}

/// <summary>A retry policy, for showing.</summary>
/// <param name="Kind">"linear" or "exponential".</param>
/// <param name="MaxRetries">How many times a failed state is run again.</param>
/// <param name="MinSeconds">The delay before the first retry.</param>
/// <param name="MaxSeconds">The longest delay.</param>
public sealed record RetryShape(string Kind, int MaxRetries, double MinSeconds, double MaxSeconds)
{
    internal static RetryShape Of(RetryPolicy policy) =>
        new(
            policy.Growth == RetryGrowth.Linear ? "linear" : "exponential",
            policy.MaxRetries,
            policy.MinDelay.TotalSeconds,
            policy.MaxDelay.TotalSeconds
        );
}

/// <summary>How long workflows are kept after their end: 0 is for ever, null is as the settings say.</summary>
/// <param name="FinishedSeconds">Those that are FINISHED.</param>
/// <param name="FailedSeconds">Those that are FAILED or ERROR.</param>
/// <param name="CancelledSeconds">Those that are CANCELLED.</param>
public sealed record RetentionShape(double? FinishedSeconds, double? FailedSeconds, double? CancelledSeconds)
{
    internal static RetentionShape? Of(Retention retention) =>
        retention == Retention.AsSet
            ? null
            : new(retention.Finished?.TotalSeconds, retention.Failed?.TotalSeconds, retention.Cancelled?.TotalSeconds);
}

/// <summary>A limit, for showing and for those who grant permits.</summary>
/// <param name="Count">How many.</param>
/// <param name="SpanSeconds">The span of a rate; null for a limit on how many run at once.</param>
/// <param name="PerKey">Whether the limit counts for each key separately.</param>
public sealed record LimitShape(int Count, double? SpanSeconds, bool PerKey)
{
    internal WorkflowLimit Limit =>
        new(Count, SpanSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, PerKey);

    internal static IReadOnlyList<LimitShape>? Of(IReadOnlyList<WorkflowLimit> limits) =>
        limits.Count == 0
            ? null
            : [.. limits.Select(limit => new LimitShape(limit.Count, limit.Span?.TotalSeconds, limit.PerKey))];

    internal static IReadOnlyList<WorkflowLimit> LimitsOf(IReadOnlyList<LimitShape>? shapes) =>
        [.. (shapes ?? []).Select(shape => shape.Limit)];
}

/// <summary>A webhook, for those who cancel or move a workflow whose code they have not.</summary>
/// <param name="Name">The name under which the settings know the receiver.</param>
/// <param name="On">The ends for which it is called: finished, failed, cancelled.</param>
public sealed record WebhookShape(string Name, IReadOnlyList<string> On)
{
    private static readonly WorkflowEnds[] Ends = [WorkflowEnds.Finished, WorkflowEnds.Failed, WorkflowEnds.Cancelled];

    internal static IReadOnlyList<WebhookShape>? Of(IReadOnlyList<Webhook> webhooks) =>
        webhooks.Count == 0
            ? null
            :
            [
                .. webhooks.Select(webhook => new WebhookShape(
                    webhook.Name,
                    [.. Ends.Where(end => webhook.On.HasFlag(end)).Select(NameOf)]
                )),
            ];

    internal static IReadOnlyList<Webhook> WebhooksOf(IReadOnlyList<WebhookShape>? shapes) =>
        [
            .. (shapes ?? []).Select(shape => new Webhook(shape.Name)
            {
                On = Ends.Where(end => shape.On.Contains(NameOf(end)))
                    .Aggregate(WorkflowEnds.None, (known, end) => known | end),
            }),
        ];

    private static string NameOf(WorkflowEnds end) => end.ToString().ToLowerInvariant();
}

/// <summary>A state, for showing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Start, Normal, Manual, Error or End.</param>
/// <param name="GoesTo">The states that may follow.</param>
/// <param name="Retry">A policy of its own, or null.</param>
/// <param name="TimeoutSeconds">How long one attempt may take, or null.</param>
/// <param name="Signal">The signal that it waits for before it runs, or null.</param>
/// <param name="Limits">How many workflows may run it at once, or begin it within a span; null for any number.</param>
/// <param name="CompensatedBy">The state that undoes it, or null.</param>
public sealed record StateShape(
    string Name,
    string Type,
    IReadOnlyList<string> GoesTo,
    RetryShape? Retry,
    double? TimeoutSeconds,
    string? Signal = null,
    IReadOnlyList<LimitShape>? Limits = null,
    string? CompensatedBy = null
);
