using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>A workflow to create.</summary>
public sealed record NewWorkflow
{
    /// <summary>The external id, unique among all workflows.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of the definition.</summary>
    public required string Version { get; init; }

    /// <summary>What the workflow is about, such as an order number.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The executor group that runs it.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>The priority, from 1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The state in which it starts.</summary>
    public required string State { get; init; }

    /// <summary>The limits that apply to the state in which it starts; null for none.</summary>
    public StateLimit? Limit { get; init; }

    /// <summary>The key under which per-key limits count it; null for its business key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>Its variables, as the text of a JSON object.</summary>
    public string StateVars { get; init; } = Variables.EmptyJson;

    /// <summary>When it is due.</summary>
    public required DateTimeOffset NextActivation
    {
        get;
        init => field = value.AsStored();
    }

    /// <summary>
    /// The executor that owns it from the insert (lease 1, status EXECUTING), or null to insert it unclaimed, as NEW.
    /// </summary>
    public long? ClaimedBy { get; init; }

    /// <summary>
    /// Who created it: the name of a user, <c>workflow:5</c> for its parent, or <c>schedule:nightly</c> for a schedule; null if unknown.
    /// </summary>
    public string? CreatedBy { get; init; }

    /// <summary>The trace in which it is created, as a W3C <c>traceparent</c>; null without tracing.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What its history stores about its variables.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>The entry for the audit log, written in the same transaction; null for none. Its target is the new workflow.</summary>
    public AuditEntry? Audit { get; init; }

    /// <summary>Its progress, if it was started in another system; otherwise null.</summary>
    internal Arrival? Arrival { get; init; }

    /// <summary>
    /// Identifies this create. If the answer was lost and the create is retried, the existing workflow is recognized as its own.
    /// </summary>
    public long Token { get; init; }
}
