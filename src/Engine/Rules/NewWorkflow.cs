using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>A workflow to create.</summary>
public sealed record NewWorkflow
{
    /// <summary>Unique among all workflows.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of the definition.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Which executors may run it.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>1 (first) to 9 (last).</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The state in which it starts.</summary>
    public required string State { get; init; }

    /// <summary>What limits hold for the state in which it starts; null for none.</summary>
    public StateLimit? Limit { get; init; }

    /// <summary>The key under which limits that hold for each key count it; null for its business key.</summary>
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
    /// The executor that takes it with the very insert (lease 1, status EXECUTING), or null: NEW and to be claimed.
    /// </summary>
    public long? ClaimedBy { get; init; }

    /// <summary>Who asked for it: the name of a user, or <c>workflow:5</c> for its parent, <c>schedule:nightly</c> for a schedule; null when unknown.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The trace under which it is created, as a W3C <c>traceparent</c>; null when it is not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What its history keeps of its variables.</summary>
    public VariableTracing Tracing { get; init; } = VariableTracing.Default;

    /// <summary>What the audit log says of it, written in the same transaction; null for nothing. Its target is the new workflow.</summary>
    public AuditEntry? Audit { get; init; }

    /// <summary>How far it is, if another system has begun it; null for one that begins here.</summary>
    internal Arrival? Arrival { get; init; }

    /// <summary>
    /// Marks this very create. When the answer to it was lost, the same create sent again recognises its own workflow by it.
    /// </summary>
    public long Token { get; init; }
}
