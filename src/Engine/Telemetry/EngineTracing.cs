using System.Diagnostics;

namespace GopherFlow.Telemetry;

/// <summary>
/// The spans of the engine: one for each create and one for each step, all of a workflow in one trace. Without a listener none is made.
/// </summary>
internal static class EngineTracing
{
    private static readonly ActivitySource Source = new(EngineTelemetry.Name);

    /// <summary>Begins the span of a create, under whatever the caller is in.</summary>
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
    /// The <c>traceparent</c> under which a workflow is created here and now. ASP.NET Core gives each request an activity, traced or not;
    /// one that is not recorded is not worth a column.
    /// </summary>
    public static string? CurrentParent() =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && (current.Recorded || Source.HasListeners())
            ? current.Id
            : null;

    /// <summary>Begins the span of a step, under the trace of its workflow.</summary>
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
            // The step may run where a request has created the workflow, and is no part of that.
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

    /// <summary>Says how a step ended.</summary>
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

    /// <summary>Says that nothing of a step was committed.</summary>
    public static void SettleDropped(this Activity span, string reason)
    {
        span.SetTag("workflow.outcome", reason);
        span.SetTag("error.type", reason);
        span.SetStatus(ActivityStatusCode.Error, "Nothing of the step was committed.");
    }
}
