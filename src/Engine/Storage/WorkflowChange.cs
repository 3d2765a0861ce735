using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A workflow that a committed transaction has changed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="WorkflowType">The name of its definition.</param>
/// <param name="Version">The version of its definition.</param>
/// <param name="ExecutorGroup">Its executor group.</param>
/// <param name="Status">Its status now.</param>
/// <param name="State">Its state now.</param>
/// <param name="PreviousState">Its state before; null for a new workflow.</param>
/// <param name="ParentWorkflowId">The workflow that created it, or null.</param>
/// <param name="Lease">Its lease now.</param>
/// <param name="Revision">How often its row has been written: of two changes of a workflow, the later one has the higher revision.</param>
/// <param name="ExecutionCount">How many attempts it has made.</param>
/// <param name="RetryCount">How many attempts have failed in its state.</param>
/// <param name="OpenChildren">How many of its children have not ended.</param>
/// <param name="ExecutorId">The executor that runs it, or null.</param>
/// <param name="NextActivation">When it is due, or null.</param>
/// <param name="Modified">The instant of the change.</param>
public sealed record WorkflowChange(
    long Id,
    string WorkflowType,
    string Version,
    string ExecutorGroup,
    WorkflowStatus Status,
    string State,
    string? PreviousState,
    long? ParentWorkflowId,
    long Lease,
    long Revision,
    int ExecutionCount,
    int RetryCount,
    int OpenChildren,
    long? ExecutorId,
    DateTimeOffset? NextActivation,
    DateTimeOffset Modified
)
{
    /// <summary>Whether it needs a permit before an executor may claim it; unknown, and false, for changes of other processes.</summary>
    internal bool NeedsPermit { get; init; }

    /// <summary>The change that has led to a record.</summary>
    internal static WorkflowChange To(WorkflowRecord after, string? previousState) =>
        new(
            after.Id,
            after.WorkflowType,
            after.Version,
            after.ExecutorGroup,
            after.Status,
            after.State,
            previousState,
            after.ParentWorkflowId,
            after.Lease,
            after.Revision,
            after.ExecutionCount,
            after.RetryCount,
            after.OpenChildren,
            after.ExecutorId,
            after.NextActivation,
            after.Modified
        )
        {
            NeedsPermit = after.Permit == Permit.Needed,
        };
}
