using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>A workflow whose result was awaited has ended with a status other than FINISHED.</summary>
/// <param name="workflow">The workflow as it ended.</param>
public sealed class WorkflowFailedException(WorkflowSnapshot workflow)
    : Exception(
        $"{workflow.WorkflowType} '{workflow.Key}' ended as {workflow.Status.ToName()} in {workflow.State}"
            + (workflow.LastError is { } error ? $": {error}" : ".")
    )
{
    /// <summary>The workflow as it ended.</summary>
    public WorkflowSnapshot Workflow { get; } = workflow;
}
