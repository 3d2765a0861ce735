namespace GopherFlow.Stores.Postgres;

/// <summary>Who owns what.</summary>
internal static class PostgresOwners
{
    /// <summary>
    /// The owners are walked by the index of what is owned, from one to the next; what an owner has is only looked at when it is
    /// dead. The planner must not count on few being owned, for its statistics may be of an idle time.
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
