using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>A workflow whose result was awaited has ended without one.</summary>
/// <param name="workflow">How it ended.</param>
public sealed class WorkflowFailedException(WorkflowSnapshot workflow)
    : Exception(
        $"{workflow.WorkflowType} '{workflow.Key}' ended as {workflow.Status.ToName()} in {workflow.State}"
            + (workflow.LastError is { } error ? $": {error}" : ".")
    )
{
    /// <summary>How it ended.</summary>
    public WorkflowSnapshot Workflow { get; } = workflow;
}
