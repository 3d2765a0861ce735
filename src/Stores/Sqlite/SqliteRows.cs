namespace GopherFlow.Stores.Sqlite;

/// <summary>The columns that workflows are read from, in the order in which they are read, and where they lie.</summary>
internal static class SqliteRows
{
    /// <summary>A workflow that may be finished or not.</summary>
    public const string OfAny = """
        w.id, w.external_id, w.workflow_type, coalesce(r.version, f.version), w.business_key,
        coalesce(r.executor_group, f.executor_group), coalesce(r.priority, f.priority), coalesce(r.status, f.status),
        coalesce(r.state, f.state), coalesce(r.step, f.step), coalesce(r.retry_count, f.retry_count),
        coalesce(r.execution_count, f.execution_count), coalesce(r.lease, f.lease), r.executor_id,
        coalesce(r.revision, f.revision), w.created, coalesce(r.modified, f.modified), r.next_activation,
        coalesce(r.started, f.started), f.finished, w.parent_workflow_id, coalesce(r.open_children, f.open_children),
        coalesce(r.awaits_children, 0), coalesce(r.woken, 0)
        """;

    /// <summary>A workflow that is not finished.</summary>
    public const string OfRun = """
        w.id, w.external_id, w.workflow_type, r.version, w.business_key, r.executor_group, r.priority, r.status, r.state,
        r.step, r.retry_count, r.execution_count, r.lease, r.executor_id, r.revision, w.created, r.modified,
        r.next_activation, r.started, NULL, w.parent_workflow_id, r.open_children, r.awaits_children, r.woken
        """;

    /// <summary>A workflow that is finished.</summary>
    public const string OfResult = """
        w.id, w.external_id, w.workflow_type, f.version, w.business_key, f.executor_group, f.priority, f.status, f.state,
        f.step, f.retry_count, f.execution_count, f.lease, NULL, f.revision, w.created, f.modified,
        NULL, f.started, f.finished, w.parent_workflow_id, f.open_children, 0, 0
        """;

    /// <summary>The variables, which are read last.</summary>
    public const string Variables = "coalesce(v.state_vars, '{}')";

    /// <summary>Where a workflow lies whose id is known: <c>w</c>, and <c>r</c> or <c>f</c>.</summary>
    public const string Any = """
             workflow AS w
        LEFT JOIN workflow_run AS r ON r.id = w.id
        LEFT JOIN workflow_result AS f ON f.id = w.id
        """;

    /// <summary>Its variables, <c>v</c>.</summary>
    public const string JoinVariables = "LEFT JOIN workflow_variables AS v ON v.workflow_id = w.id";

    public static List<T> ReadAll<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        var rows = new List<T>();
        while (statement.Read())
        {
            rows.Add(read(statement));
        }

        return rows;
    }

    public static T? ReadFirst<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
        where T : class
    {
        var found = statement.Read() ? read(statement) : null;
        statement.End();
        return found;
    }

    /// <summary>The instant in the first row; null when there is no row, or it has none.</summary>
    public static DateTimeOffset? ReadInstant(this SqliteStatement statement)
    {
        var found = statement.Read() ? statement.OptionalInstant() : null;
        statement.End();
        return found;
    }
}
