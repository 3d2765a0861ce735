namespace GopherFlow.Stores.MySql;

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
}
