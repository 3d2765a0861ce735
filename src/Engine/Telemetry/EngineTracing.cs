using System.Diagnostics;

namespace GopherFlow.Telemetry;

/// <summary>
/// The spans of the engine: one per create and one per step. All spans of a workflow belong to one trace. Without a listener, no span is
/// created.
/// </summary>
internal static class EngineTracing
{
    private static readonly ActivitySource Source = new(EngineTelemetry.Name);

    /// <summary>Starts the span of a create, as a child of the caller's activity.</summary>
    public static Activity? StartCreate(string workflowType)
    {
        var span = Source.StartActivity("workflow.create", ActivityKind.Producer);
        if (span is not null)
        {
            span.DisplayName = $"workflow.create {workflowType}";
            span.SetTag("workflow.type", workflowType);
        }

        return span;
    }

    /// <summary>
    /// The <c>traceparent</c> to store with a new workflow, or null. ASP.NET Core creates an activity for each request, even without
    /// tracing, so an activity that is not recorded is stored only if the engine has listeners.
    /// </summary>
    public static string? CurrentParent() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && (current.Recorded || Source.HasListeners())
            ? current.Id
            : null;

    /// <summary>Starts the span of a step, in the trace of its workflow.</summary>
    public static Activity? StartStep(
        string? traceParent,
        long workflowId,
        string workflowType,
        string version,
        string state,
        int attempt
    )
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        if (!ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent))
        {
            // The step may run in the execution context of the request that created the workflow, but does not belong to its trace.
            Activity.Current = null;
        }

        var span = Source.StartActivity("workflow.step", ActivityKind.Consumer, parent);
        if (span is not null)
        {
            span.DisplayName = $"workflow.step {workflowType} {state}";
            span.SetTag("workflow.id", workflowId);
            span.SetTag("workflow.type", workflowType);
            span.SetTag("workflow.version", version);
            span.SetTag("workflow.state", state);
            span.SetTag("workflow.attempt", attempt);
        }

        return span;
    }

    /// <summary>Records the outcome of a step on its span.</summary>
    public static void Settle(this Activity span, string outcome, string nextState, string? error, Exception? failure)
    {
        span.SetTag("workflow.outcome", outcome);
        span.SetTag("workflow.next_state", nextState);
        if (error is null)
        {
            return;
        }

        span.SetStatus(ActivityStatusCode.Error, error);
        span.SetTag("error.type", failure?.GetType().FullName ?? outcome);
        if (failure is not null)
        {
            span.AddException(failure);
        }
    }

    /// <summary>Records on the span of a step that nothing of it was committed.</summary>
    public static void SettleDropped(this Activity span, string reason)
    {
        span.SetTag("workflow.outcome", reason);
        span.SetTag("error.type", reason);
        span.SetStatus(ActivityStatusCode.Error, "Nothing of the step was committed.");
    }
}
