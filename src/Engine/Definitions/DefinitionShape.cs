using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>A definition without its functions, available even where its code is not loaded. Stored and sent as JSON.</summary>
/// <param name="InitialState">The name of the Start state.</param>
/// <param name="Retry">The retry policy of states that do not set their own.</param>
/// <param name="States">All states, in display order.</param>
/// <param name="CancelState">The state to which a cancelled workflow goes to clean up, or null.</param>
/// <param name="Tracing">What the history stores about variables; null for all values.</param>
/// <param name="Retention">How long workflows are kept after they have ended, or null if the definition does not set it.</param>
/// <param name="Limits">The limits of the whole type; null for none.</param>
/// <param name="FailureState">The state to which a workflow goes when a state fails for good, or null.</param>
/// <param name="Webhooks">The webhooks to call when a workflow has ended; null for none.</param>
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

    /// <summary>The shape of a valid definition.</summary>
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

    /// <summary>Parses the output of <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">The text is not a shape.</exception>
    public static DefinitionShape Parse(string json) =>
        JsonSerializer.Deserialize<DefinitionShape>(json, Serialization)
        ?? throw new JsonException("The shape is null.");

    /// <summary>Serializes the shape to JSON with camelCase names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Serialization);
}

/// <summary>A retry policy, for display.</summary>
/// <param name="Kind">"linear" or "exponential".</param>
/// <param name="MaxRetries">How many times a failed state is run again.</param>
/// <param name="MinSeconds">The delay before the first retry, in seconds.</param>
/// <param name="MaxSeconds">The longest delay, in seconds.</param>
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

/// <summary>How long workflows are kept after they have ended, in seconds. 0 keeps them forever; null uses the engine's settings.</summary>
/// <param name="FinishedSeconds">How long FINISHED workflows are kept.</param>
/// <param name="FailedSeconds">How long FAILED and ERROR workflows are kept.</param>
/// <param name="CancelledSeconds">How long CANCELLED workflows are kept.</param>
public sealed record RetentionShape(double? FinishedSeconds, double? FailedSeconds, double? CancelledSeconds)
{
    internal static RetentionShape? Of(Retention retention) =>
        retention == Retention.FromSettings
            ? null
            : new(retention.Finished?.TotalSeconds, retention.Failed?.TotalSeconds, retention.Cancelled?.TotalSeconds);
}

/// <summary>A limit, for display and for granting permits.</summary>
/// <param name="Count">The maximum.</param>
/// <param name="SpanSeconds">The period of a rate limit, in seconds; null for a concurrency limit.</param>
/// <param name="PerKey">Whether the limit counts for each limit key separately.</param>
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

/// <summary>A webhook, for processes that end a workflow without having its code, such as by a cancel or a move by hand.</summary>
/// <param name="Name">The name of the receiver in the settings.</param>
/// <param name="On">Which endings trigger the call: finished, failed, cancelled.</param>
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

/// <summary>A state, for display.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Start, Normal, Manual, Error or End.</param>
/// <param name="GoesTo">The states that may follow.</param>
/// <param name="Retry">Its own retry policy, or null for the workflow's.</param>
/// <param name="TimeoutSeconds">How long one attempt may take, in seconds; null for the engine's default.</param>
/// <param name="Signal">The signal that it waits for before it runs, or null.</param>
/// <param name="Limits">The limits of the state; null for none.</param>
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
