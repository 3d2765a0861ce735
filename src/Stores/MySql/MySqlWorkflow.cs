using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>A workflow under lock: its record (the variables are read apart), and whether a wake is kept for it.</summary>
internal sealed record MySqlWorkflow(WorkflowRecord Record, bool Woken);

/// <summary>A workflow to insert. It has its id once it is inserted.</summary>
internal sealed class MySqlNewWorkflow(NewWorkflow workflow, WorkflowRecord? parent)
{
    public NewWorkflow Workflow { get; } = workflow;

    public long Id { get; set; }

    private bool Claimed => Workflow.ClaimedBy is not null;

    private WorkflowStatus Status => Claimed ? WorkflowStatus.Executing : WorkflowStatus.New;

    private DateTimeOffset? NextActivation => Claimed ? null : Workflow.NextActivation;

    /// <summary>The columns of the insert, in its order.</summary>
    public object?[] Columns(DateTimeOffset now) =>
        [
            Workflow.ExternalId,
            Workflow.WorkflowType,
            Workflow.Version,
            Workflow.BusinessKey,
            Workflow.ExecutorGroup,
            Workflow.Priority,
            Status.ToName(),
            Workflow.State,
            Claimed ? 1 : 0,
            Workflow.ClaimedBy,
            now,
            NextActivation,
            parent?.Id,
        ];

    public WorkflowChange Change(DateTimeOffset now) =>
        new(
            Id,
            Workflow.WorkflowType,
            Workflow.Version,
            Workflow.ExecutorGroup,
            Status,
            Workflow.State,
            PreviousState: null,
            parent?.Id,
            Lease: Claimed ? 1 : 0,
            NextActivation,
            now
        );

    public void CountIn(CountDeltas counts) =>
        counts.Add(Workflow.WorkflowType, Workflow.Version, Workflow.State, Status);
}
