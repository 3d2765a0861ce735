namespace GopherFlow.Stores.Postgres;

/// <summary>The columns that records are read from, in the order in which they are read.</summary>
internal static class PostgresColumns
{
    /// <summary>
    /// All of a workflow but its variables, which are read after them. Its identity is named w; where it stands (a row of
    /// <see cref="Unfinished"/>, <see cref="Final"/> or <see cref="Progress"/>) is named p.
    /// </summary>
    public const string Workflow = """
        w.id, w.external_id, w.workflow_type, p.version, w.business_key, p.executor_group, p.priority, p.status, p.state, p.step,
        p.retry_count, p.execution_count, p.lease, p.executor_id, p.revision, w.created, p.modified, p.next_activation,
        p.started, p.finished, w.parent_workflow_id, p.open_children, p.awaits_children, p.woken
        """;

    /// <summary>Where an unfinished workflow stands; the table is named r.</summary>
    public const string Unfinished = """
        r.id, r.version, r.executor_group, r.priority, r.status, r.state, r.step, r.retry_count, r.execution_count, r.lease,
        r.executor_id, r.revision, r.modified, r.next_activation, r.started, NULL::timestamptz AS finished, r.open_children,
        r.awaits_children, r.woken
        """;

    /// <summary>Where a final workflow stands; the table is named f.</summary>
    public const string Final = """
        f.id, f.version, f.executor_group, f.priority, f.status, f.state, f.step, f.retry_count, f.execution_count, f.lease,
        NULL::bigint AS executor_id, f.revision, f.modified, NULL::timestamptz AS next_activation, f.started, f.finished,
        f.open_children, false AS awaits_children, false AS woken
        """;

    /// <summary>Where any workflow stands.</summary>
    public const string Progress = $"""
        (SELECT {Unfinished} FROM workflow_run AS r UNION ALL SELECT {Final} FROM workflow_result AS f)
        """;

    /// <summary>The variables of a workflow; their table, joined outer, is named v.</summary>
    public const string Variables = "coalesce(v.state_vars, '{}')";
}
