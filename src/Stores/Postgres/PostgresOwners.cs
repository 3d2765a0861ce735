namespace GopherFlow.Stores.Postgres;

/// <summary>Statements about owners.</summary>
internal static class PostgresOwners
{
    /// <summary>
    /// Walks the index of owned workflows from one owner to the next, and reads the workflows of dead owners only. The query must not
    /// depend on the planner's estimate of how many workflows are owned, because its statistics may be from an idle period.
    /// </summary>
    internal const string Orphans = """
        WITH RECURSIVE owner (id) AS (
            (SELECT r.executor_id
               FROM workflow_run AS r
              WHERE r.executor_id IS NOT NULL
           ORDER BY r.executor_id
              LIMIT 1)
             UNION ALL
            SELECT (SELECT r.executor_id
                      FROM workflow_run AS r
                     WHERE r.executor_id > owner.id
                  ORDER BY r.executor_id
                     LIMIT 1)
              FROM owner
             WHERE owner.id IS NOT NULL
        ), dead AS MATERIALIZED (
            SELECT owner.id
              FROM owner
             WHERE owner.id IS NOT NULL
               AND NOT EXISTS (SELECT
                                 FROM executors AS e
                                WHERE e.id = owner.id
                                  AND e.ended IS NULL)
        )
            SELECT orphan.id, orphan.executor_id
              FROM dead
        CROSS JOIN LATERAL (
                        SELECT r.id, r.executor_id
                          FROM workflow_run AS r
                         WHERE r.executor_id = dead.id
                      ORDER BY r.id
                         LIMIT @limit
                   ) AS orphan
          ORDER BY orphan.id
             LIMIT @limit
        """;
}
