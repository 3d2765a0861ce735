using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Writes the variables, the history and the counts of a transaction.</summary>
internal static class SqliteHistory
{
    private const string SetVariables = """
        INSERT INTO workflow_variables (workflow_id, state_vars)
        VALUES (?1, ?2)
        ON CONFLICT (workflow_id) DO UPDATE SET state_vars = excluded.state_vars
        """;

    private const string InsertAction = $"""
        INSERT INTO workflow_actions ({StoredValues.Action})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        """;

    /// <summary>For plain entries, which are most: they only record that a step was made.</summary>
    private const string InsertPlain = $"""
        INSERT INTO workflow_actions ({StoredValues.PlainAction})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """;

    private const string AddToCount = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (workflow_type, version, state, status) DO UPDATE SET count = count + excluded.count
        """;

    /// <summary>The same statement with named parameters.</summary>
    public const string AddToOne = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
        VALUES (@type, @version, @state, @status, @by)
        ON CONFLICT (workflow_type, version, state, status) DO UPDATE SET count = count + excluded.count
        """;

    private const string DeleteCounts = "DELETE FROM workflow_counts";

    private const string Recount = """
        INSERT INTO workflow_counts (workflow_type, version, state, status, count)
          SELECT workflow_type, version, state, status, count(*)
            FROM workflow_run
        GROUP BY workflow_type, version, state, status
        UNION ALL
          SELECT w.workflow_type, f.version, f.state, f.status, count(*)
            FROM workflow_result AS f
            JOIN workflow AS w ON w.id = f.id
        GROUP BY w.workflow_type, f.version, f.state, f.status
        """;

    /// <summary>Replaces the variables.</summary>
    public static void WriteVariables(this SqliteReader statements, RowSet rows)
    {
        foreach (var (workflowId, stateVars) in rows.Variables)
        {
            statements.Statement(SetVariables).With(workflowId).With(stateVars).Run();
        }
    }

    public static void WriteHistory(this SqliteReader statements, RowSet rows)
    {
        foreach (var (workflowId, entry) in rows.History)
        {
            if (entry.IsPlain)
            {
                statements.Statement(InsertPlain).With(workflowId).WithPlainAction(entry, rows).Run();
            }
            else
            {
                statements.Statement(InsertAction).With(workflowId).WithAction(entry, rows).Run();
            }
        }
    }

    public static void WriteCounts(this SqliteReader statements, RowSet rows)
    {
        foreach (var (key, delta) in rows.Counts.NonZero)
        {
            statements.Statement(AddToCount).WithCount(key).With(delta).Run();
        }
    }

    /// <summary>Counts all rows again. Nothing else is written meanwhile, because the transaction holds the lock of the file.</summary>
    public static int RebuildCounts(this SqliteReader statements)
    {
        statements.Statement(DeleteCounts).Run();
        return statements.Statement(Recount).Run();
    }
}
