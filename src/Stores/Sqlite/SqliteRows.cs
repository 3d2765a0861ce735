namespace GopherFlow.Stores.Sqlite;

/// <summary>The columns that records are read from, in the order in which they are read.</summary>
internal static class SqliteRows
{
    /// <summary>All of a workflow; the tables are named w and v.</summary>
    public const string WorkflowColumns = """
        w.id, w.external_id, w.workflow_type, w.version, w.business_key, w.executor_group, w.priority,
        w.status, w.state, w.step, w.retry_count, w.execution_count, w.lease, w.executor_id,
        w.created, w.modified, w.next_activation, w.started, w.finished,
        w.parent_workflow_id, w.open_children, w.awaits_children, coalesce(v.state_vars, '{}')
        """;

    /// <summary>What a change tells of a workflow.</summary>
    public const string ChangeColumns =
        "id, workflow_type, version, executor_group, status, state, parent_workflow_id, lease, next_activation, modified";

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
}
