using GopherFlow.Authoring;

namespace GopherFlow.Operations;

/// <summary>What became of an operation on a workflow.</summary>
public enum OperationVerdict
{
    /// <summary>It is written.</summary>
    Changed,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>
    /// The workflow is not in a state, or has not the status or the variables, for which the operation was asked. Somebody may have been
    /// faster. Nothing is written.
    /// </summary>
    Conflict,
}

/// <summary>What became of an operation on a workflow.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="CurrentState">The state that the workflow is in now, if there is one.</param>
/// <param name="CurrentStatus">The status that the workflow has now, if there is one.</param>
public sealed record OperationResult(
    OperationVerdict Verdict,
    string? CurrentState = null,
    WorkflowStatus? CurrentStatus = null
)
{
    /// <summary>There is no such workflow.</summary>
    internal static OperationResult NotFound { get; } = new(OperationVerdict.NotFound);
}

/// <summary>What became of a request to cancel a workflow.</summary>
/// <param name="Workflow">What became of the workflow itself.</param>
/// <param name="Descendants">How many of its children, their children and so on were cancelled with it.</param>
public sealed record CancelResult(OperationResult Workflow, int Descendants);
