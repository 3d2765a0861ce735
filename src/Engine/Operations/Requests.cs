using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>A request to create a workflow.</summary>
public sealed record CreateWorkflow
{
    /// <summary>The caller's unique id for the workflow. Creating it again returns the existing workflow.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of a definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>What the workflow is about, such as an order number.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The executor group that runs it. Default: "default".</summary>
    public string ExecutorGroup { get; init; } = "default";

    /// <summary>The priority, from 1 (first) to 9 (last). Default: 5.</summary>
    public int Priority { get; init; } = WorkflowPriority.Default;

    /// <summary>The key under which per-key limits count it, such as a customer or a tenant. Default: its business key.</summary>
    public string? LimitKey { get; init; }

    /// <summary>Its initial variables.</summary>
    public Variables StateVars { get; init; } = new();

    /// <summary>When it is due. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>Who creates it, as recorded in the history. Default: unknown.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>
    /// The entry for the audit log, written in the same transaction if the workflow is new. Its target is the new workflow. Default: none.
    /// </summary>
    public AuditEntry? Audit { get; init; }
}

/// <summary>A request to move a workflow to a state by hand.</summary>
public sealed record MoveWorkflow
{
    /// <summary>The id of the workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The state to go to.</summary>
    public required string State { get; init; }

    /// <summary>When the state is due, if it has a function. Default: now.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>If not empty, the workflow is moved only if it is in one of these states.</summary>
    public IReadOnlyList<string> FromStates { get; init; } = [];

    /// <summary>Variables to change in the same transaction.</summary>
    public IReadOnlyList<VariableChange> Variables { get; init; } = [];

    /// <summary>
    /// Allows a move out of a Manual state that does not declare the target. The history marks the move as forced. Default: false.
    /// </summary>
    public bool Force { get; init; }

    /// <summary>Who makes the request, as recorded in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request to cancel a workflow.</summary>
public sealed record CancelWorkflow
{
    /// <summary>The id of the workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>
    /// Whether to cancel its unfinished descendants too, except those that are already cleaning up. Default: false.
    /// </summary>
    public bool Children { get; init; }

    /// <summary>Who makes the request, as recorded in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request to run a workflow again from one of its states.</summary>
public sealed record RunWorkflowAgain
{
    /// <summary>The id of the workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The state to run, which must have a function. Default: the Start state of its definition.</summary>
    public string? State { get; init; }

    /// <summary>Variables to change in the same transaction.</summary>
    public IReadOnlyList<VariableChange> Variables { get; init; } = [];

    /// <summary>Who makes the request, as recorded in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>A request to change the priority or the executor group of a workflow.</summary>
public sealed record PlaceWorkflow
{
    /// <summary>The id of the workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The new priority, from 1 (first) to 9 (last), or null to keep the current one.</summary>
    public int? Priority { get; init; }

    /// <summary>The new executor group, or null to keep the current one.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>Who makes the request, as recorded in the history.</summary>
    public required string Actor { get; init; }
}

/// <summary>How a wait ended.</summary>
public enum WaitVerdict
{
    /// <summary>The workflow is in, or has passed through, one of the awaited states.</summary>
    Reached,

    /// <summary>The wait timed out.</summary>
    TimedOut,

    /// <summary>The workflow has ended in another state.</summary>
    Ended,

    /// <summary>The workflow does not exist.</summary>
    NotFound,
}

/// <summary>The result of a wait.</summary>
/// <param name="Verdict">How the wait ended.</param>
/// <param name="Workflow">The workflow at the end of the wait, or null if it does not exist.</param>
public sealed record WaitResult(WaitVerdict Verdict, WorkflowRecord? Workflow);
