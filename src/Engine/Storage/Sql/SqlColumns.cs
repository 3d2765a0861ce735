namespace GopherFlow.Storage.Sql;

/// <summary>The columns from which workflows are read, in the order of <see cref="StoredRows"/>. The variables come after them.</summary>
internal static class SqlColumns
{
    /// <summary>An unfinished workflow: its identity (<c>w</c>) and its progress (<c>r</c>).</summary>
    public const string Unfinished = """
        w.id, w.external_id, w.workflow_type, r.version, w.business_key, r.executor_group, r.priority, r.status, r.state,
        r.step, r.retry_count, r.execution_count, r.lease, r.executor_id, r.revision, w.created, r.modified,
        r.next_activation, r.started, NULL, w.parent_workflow_id, w.trace_parent, r.open_children, r.begun, r.cleaning_up,
        r.awaits_children, r.woken, r.pause_requested, r.held_activation, r.awaited_signals, r.kept_signals, r.deadline_state,
        r.permit, r.limit_key, r.last_error, NULL
        """;

    /// <summary>A final workflow: its identity (<c>w</c>) and its result (<c>f</c>).</summary>
    public const string Final = """
        w.id, w.external_id, w.workflow_type, f.version, w.business_key, f.executor_group, f.priority, f.status, f.state,
        f.step, f.retry_count, f.execution_count, f.lease, NULL, f.revision, w.created, f.modified,
        NULL, f.started, f.finished, w.parent_workflow_id, w.trace_parent, f.open_children, f.begun, f.cleaning_up,
        FALSE, FALSE, FALSE, NULL, f.awaited_signals, f.kept_signals, NULL, 0, f.limit_key, f.last_error, f.output
        """;

    /// <summary>Any workflow, from the tables that <see cref="JoinProgress"/> joins.</summary>
    public const string Any = $"{WithoutResult}, f.output";

    /// <summary>The same, but a result that has more bytes than <c>@largest</c> is read as an empty text.</summary>
    public const string AnyOfList = $"""
        {WithoutResult},
        CASE WHEN octet_length(f.output) > @largest THEN '' ELSE f.output END
        """;

    private const string WithoutResult = """
        w.id, w.external_id, w.workflow_type, coalesce(r.version, f.version), w.business_key,
        coalesce(r.executor_group, f.executor_group), coalesce(r.priority, f.priority), coalesce(r.status, f.status),
        coalesce(r.state, f.state), coalesce(r.step, f.step), coalesce(r.retry_count, f.retry_count),
        coalesce(r.execution_count, f.execution_count), coalesce(r.lease, f.lease), r.executor_id,
        coalesce(r.revision, f.revision), w.created, coalesce(r.modified, f.modified), r.next_activation,
        coalesce(r.started, f.started), f.finished, w.parent_workflow_id, w.trace_parent, coalesce(r.open_children, f.open_children),
        coalesce(r.begun, f.begun), coalesce(r.cleaning_up, f.cleaning_up), coalesce(r.awaits_children, FALSE),
        coalesce(r.woken, FALSE), coalesce(r.pause_requested, FALSE),
        r.held_activation, coalesce(r.awaited_signals, f.awaited_signals), coalesce(r.kept_signals, f.kept_signals),
        r.deadline_state,
        coalesce(r.permit, 0), coalesce(r.limit_key, f.limit_key), coalesce(r.last_error, f.last_error)
        """;

    /// <summary>The variables, from the table that <see cref="JoinVariables"/> joins.</summary>
    public const string Variables = "coalesce(v.state_vars, '{}')";

    /// <summary>The same, but variables that have more bytes than <c>@largest</c> are read as an empty text.</summary>
    public const string VariablesOfList =
        "CASE WHEN octet_length(v.state_vars) > @largest THEN '' ELSE coalesce(v.state_vars, '{}') END";

    /// <summary>
    /// Joins the progress or the result of a workflow. A statement sees one snapshot, in which it is in one of the two tables.
    /// </summary>
    public static string JoinProgress(SqlDialect dialect) =>
        $"""
            LEFT JOIN workflow_run AS r ON {dialect.IsOf("r.id", "w.id")}
            LEFT JOIN workflow_result AS f ON {dialect.IsOf("f.id", "w.id")}
            """;

    /// <summary>Joins the variables.</summary>
    public static string JoinVariables(SqlDialect dialect) =>
        $"LEFT JOIN workflow_variables AS v ON {dialect.IsOf("v.workflow_id", "w.id")}";
}
