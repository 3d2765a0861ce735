using GopherFlow.Authoring;

namespace GopherFlow.Persistence.MySql;

/// <summary>The columns that records are read from, in the order in which they are read.</summary>
internal static class MySqlRows
{
    /// <summary>All of a workflow but its variables; the table is named w.</summary>
    public const string HotColumns = """
        w.id, w.external_id, w.workflow_type, w.version, w.business_key, w.executor_group, w.priority,
        w.status, w.state, w.step, w.retry_count, w.execution_count, w.lease, w.executor_id,
        w.created, w.modified, w.next_activation, w.started, w.finished,
        w.parent_workflow_id, w.open_children, w.awaits_children
        """;

    /// <summary>All of a workflow; the tables are named w and v.</summary>
    public const string WorkflowColumns = $"{HotColumns}, coalesce(v.state_vars, '{{}}')";

    public static WorkflowRecord Workflow(MySqlRow row)
    {
        var hot = WithoutVariables(row);
        return hot with { StateVars = row.Text() };
    }

    /// <summary>A workflow whose variables were not read.</summary>
    public static WorkflowRecord WithoutVariables(MySqlRow row) =>
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
            StateVars = Variables.EmptyJson,
        };
}
