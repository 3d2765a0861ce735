using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>Statements that lock and read workflows and their parents.</summary>
internal static class MySqlLocks
{
    /// <summary>The workflows and their parents, in the order of their ids. The server sorts a subquery only if it has a limit.</summary>
    private const string Family = """
               SELECT member.id
                 FROM (SELECT id
                         FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
                        UNION
                       SELECT child.parent_workflow_id
                         FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
                STRAIGHT_JOIN workflow AS child FORCE INDEX (PRIMARY) ON child.id = given.id
                        WHERE child.parent_workflow_id IS NOT NULL) AS member
             ORDER BY member.id
                LIMIT 1000000
        """;

    internal const string LockUnfinished = $"""
               SELECT {SqlColumns.Unfinished}
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY) ON r.id = wanted.id
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = r.id
           FOR UPDATE
        """;

    internal const string LockFinal = $"""
               SELECT {SqlColumns.Final}
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_result AS f FORCE INDEX (PRIMARY) ON f.id = wanted.id
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = f.id
           FOR UPDATE
        """;

    private const string VariablesOf = $"""
               SELECT v.workflow_id, v.state_vars
                 FROM ({Family}) AS wanted
        STRAIGHT_JOIN workflow_variables AS v FORCE INDEX (PRIMARY) ON v.workflow_id = wanted.id
        """;

    private const string Existing = """
               SELECT w.id
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS given
        STRAIGHT_JOIN workflow AS w FORCE INDEX (PRIMARY) ON w.id = given.id
        """;

    private const string FindTaken = """
               SELECT w.external_id, w.id, w.token
                 FROM JSON_TABLE(@external_ids, '$[*]' COLUMNS (
                          external_id LONGTEXT CHARACTER SET utf8mb4 PATH '$')) AS given
        STRAIGHT_JOIN workflow AS w FORCE INDEX (workflow_by_external_id)
                   ON w.external_id = CAST(given.external_id AS BINARY)
        """;

    public static SqlLimits Limits { get; } = new(MySqlSessions.Dialect);

    public static SqlLocks Statements { get; } =
        new($"{LockUnfinished};\n{LockFinal}", VariablesOf, Existing, FindTaken);
}
