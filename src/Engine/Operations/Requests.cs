using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>A request for a new workflow.</summary>
public sealed record CreateWorkflow
{
    /// <summary>The caller's id, unique: creating it again gives the workflow that is there.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of a definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>What it is about.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Which executors may run it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The key under which limits that hold for each key count it: a customer, a tenant. Default: its business key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>The variables it starts with.</summary>
    public Variables StateVars { get; init; } = new();

    /// <summary>When it is due. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>Who asks for it; entered in the history. Default: unknown.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>
    /// What the audit log says of it, written in the same transaction when the workflow is new. Its target is the new workflow. Default:
    /// nothing.
    /// </summary>
    public AuditEntry? Audit { get; init; }
}

/// <summary>A request to move a workflow to a state by hand.</summary>
public sealed record MoveWorkflow
{
    /// <summary>The workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The state to go to.</summary>
    public required string State { get; init; }

    /// <summary>When a state that runs is due. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>When not empty: only if the workflow is in one of these states.</summary>
    public IReadOnlyList<string> FromStates { get; init; } = [];

    /// <summary>Variables to change in the same transaction.</summary>
    public IReadOnlyList<VariableChange> Variables { get; init; } = [];

    /// <summary>
    /// Moves a workflow out of a Manual state although that does not declare the target; the history says so. Default: false.
    /// </summary>
    public bool Force { get; init; }

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request to cancel a workflow.</summary>
public sealed record CancelWorkflow
{
    /// <summary>The workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>Whether its unfinished children, and theirs, are cancelled with it. Default: false.</summary>
    public bool Children { get; init; }

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request to run a workflow again from one of its states.</summary>
public sealed record RunWorkflowAgain
{
    /// <summary>The workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>A state with a function. Default: the one in which its definition starts.</summary>
    public string? State { get; init; }

    /// <summary>Variables to change in the same transaction.</summary>
    public IReadOnlyList<VariableChange> Variables { get; init; } = [];

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request for another priority or executor group.</summary>
public sealed record PlaceWorkflow
{
    /// <summary>The workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>1 (first) to 9 (last), or null to leave it.</summary>
    public int? Priority { get; init; }

    /// <summary>The executors that may run it, or null to leave them.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>How a wait ended.</summary>
public enum WaitVerdict
{
    /// <summary>The workflow is in a state that was waited for.</summary>
    Reached,

    /// <summary>The time was up first.</summary>
    TimedOut,

    /// <summary>The workflow is final in another state and will not continue by itself.</summary>
    Ended,

    /// <summary>There is no such workflow.</summary>
    NotFound,
}

/// <summary>How a wait ended, and the workflow as it was then.</summary>
/// <param name="Verdict">How.</param>
/// <param name="Workflow">The workflow; null when there is none.</param>
public sealed record WaitResult(WaitVerdict Verdict, WorkflowRecord? Workflow);
