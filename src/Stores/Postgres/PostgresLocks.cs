using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>Statements that lock and read workflows and their parents.</summary>
internal static class PostgresLocks
{
    private const string Family = """
        ARRAY(
            SELECT unnest(@ids::bigint[])
             UNION
            SELECT child.parent_workflow_id
              FROM workflow AS child
             WHERE child.id = ANY (@ids)
               AND child.parent_workflow_id IS NOT NULL
        )
        """;

    internal const string LockUnfinished = $"""
        SELECT {SqlColumns.Unfinished}
          FROM (  SELECT r.*
                    FROM workflow_run AS r
                   WHERE r.id = ANY ({Family})
                ORDER BY r.id
                     FOR UPDATE) AS r
          JOIN workflow AS w ON w.id = r.id
        """;

    internal const string LockFinal = $"""
        SELECT {SqlColumns.Final}
          FROM (  SELECT f.*
                    FROM workflow_result AS f
                   WHERE f.id = ANY ({Family})
                ORDER BY f.id
                     FOR UPDATE) AS f
          JOIN workflow AS w ON w.id = f.id
        """;

    private const string Variables = $"""
        SELECT workflow_id, state_vars
          FROM workflow_variables
         WHERE workflow_id = ANY ({Family})
        """;

    private const string Existing = """
        SELECT id
          FROM workflow
         WHERE id = ANY (@ids)
        """;

    private const string FindTaken = """
        SELECT external_id, id, token
          FROM workflow
         WHERE external_id = ANY (@external_ids)
        """;

    public static SqlLimits Limits { get; } = new(PostgresSessions.Dialect);

    public static SqlLocks Statements { get; } = new($"{LockUnfinished};\n{LockFinal}", Variables, Existing, FindTaken);
}
