namespace GopherFlow.Stores.Postgres;

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
}
