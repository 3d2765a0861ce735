namespace GopherFlow.Stores.Sqlite;

/// <summary>Statements about owners.</summary>
internal static class SqliteOwners
{
    /// <summary>Walks from owner to owner, however many workflows each owns, and reads the workflows of dead owners only.</summary>
    internal const string Orphans = """
        WITH RECURSIVE owner (id) AS (
            SELECT min(executor_id)
              FROM workflow_run INDEXED BY workflow_run_owned
             WHERE executor_id IS NOT NULL
             UNION ALL
            SELECT (SELECT min(executor_id)
                      FROM workflow_run INDEXED BY workflow_run_owned
                     WHERE executor_id > owner.id)
              FROM owner
             WHERE owner.id IS NOT NULL
        )
            SELECT r.id, r.executor_id
              FROM owner
        CROSS JOIN workflow_run AS r
             WHERE owner.id IS NOT NULL
               AND NOT EXISTS (SELECT 1
                                 FROM executors AS e
                                WHERE e.id = owner.id
                                  AND e.ended IS NULL)
               AND r.id IN (  SELECT orphan.id
                                FROM workflow_run AS orphan INDEXED BY workflow_run_owned
                               WHERE orphan.executor_id = owner.id
                            ORDER BY orphan.id
                               LIMIT @limit)
          ORDER BY r.id
             LIMIT @limit
        """;
}
