using GopherFlow.Authoring;

namespace GopherFlow.Operations;

/// <summary>The outcome of an operation on a workflow.</summary>
public enum OperationVerdict
{
    /// <summary>The change is written.</summary>
    Changed,

    /// <summary>The workflow does not exist.</summary>
    NotFound,

    /// <summary>
    /// The state, status or variables of the workflow do not allow the operation, possibly because of another change in the meantime.
    /// Nothing is written.
    /// </summary>
    Conflict,
}

/// <summary>The result of an operation on a workflow.</summary>
/// <param name="Verdict">The outcome.</param>
/// <param name="CurrentState">The current state of the workflow, if it exists.</param>
/// <param name="CurrentStatus">The current status of the workflow, if it exists.</param>
public sealed record OperationResult(
    OperationVerdict Verdict,
    string? CurrentState = null,
    WorkflowStatus? CurrentStatus = null
)
{
    /// <summary>The workflow does not exist.</summary>
    internal static OperationResult NotFound { get; } = new(OperationVerdict.NotFound);
}

/// <summary>The result of a request to cancel a workflow.</summary>
/// <param name="Workflow">The result for the workflow itself.</param>
/// <param name="Descendants">How many of its descendants were cancelled with it.</param>
public sealed record CancelResult(OperationResult Workflow, int Descendants);
