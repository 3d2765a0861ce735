using GopherFlow.Authoring;

namespace GopherFlow.Persistence.Postgres;

/// <summary>The columns that records are read from, in the order in which they are read.</summary>
internal static class PostgresRows
{
    /// <summary>All of a workflow but its variables, which are read after them; the table is named w.</summary>
    public const string WorkflowColumns = """
        w.id, w.external_id, w.workflow_type, w.version, w.business_key, w.executor_group, w.priority,
        w.status, w.state, w.step, w.retry_count, w.execution_count, w.lease, w.executor_id,
        w.created, w.modified, w.next_activation, w.started, w.finished,
        w.parent_workflow_id, w.open_children, w.awaits_children
        """;

    /// <summary>The variables of a workflow that has no row for them.</summary>
    public const string NoVariables = "'{}'";

    /// <summary>What a change tells of a workflow; the table is named w.</summary>
    public const string ChangeColumns = """
        w.id, w.workflow_type, w.version, w.executor_group, w.status, w.state,
        w.parent_workflow_id, w.lease, w.next_activation, w.modified
        """;

    public static WorkflowRecord Workflow(PostgresRow row) =>
        new()
        {
            Id = row.Number(),
            ExternalId = row.Text(),
            WorkflowType = row.Text(),
            Version = row.Text(),
            BusinessKey = row.Text(),
            ExecutorGroup = row.Text(),
            Priority = row.SmallNumber(),
            Status = WorkflowStatusNames.Parse(row.Text()),
            State = row.Text(),
            Step = row.SmallNumber(),
            RetryCount = row.SmallNumber(),
            ExecutionCount = row.SmallNumber(),
            Lease = row.Number(),
            ExecutorId = row.OptionalNumber(),
            Created = row.Instant(),
            Modified = row.Instant(),
            NextActivation = row.OptionalInstant(),
            Started = row.OptionalInstant(),
            Finished = row.OptionalInstant(),
            ParentWorkflowId = row.OptionalNumber(),
            OpenChildren = row.SmallNumber(),
            AwaitsChildren = row.Flag(),
            StateVars = row.Text(),
        };

    /// <summary>A change that left the state as it was, read from <see cref="ChangeColumns"/>.</summary>
    public static WorkflowChange ChangeInPlace(PostgresRow row)
    {
        var id = row.Number();
        var type = row.Text();
        var version = row.Text();
        var group = row.Text();
        var status = WorkflowStatusNames.Parse(row.Text());
        var state = row.Text();
        return new WorkflowChange(
            id,
            type,
            version,
            group,
            status,
            state,
            PreviousState: state,
            ParentWorkflowId: row.OptionalNumber(),
            Lease: row.Number(),
            NextActivation: row.OptionalInstant(),
            Modified: row.Instant()
        );
    }
}
