namespace GopherFlow.Stores.MySql;

/// <summary>Statements about owners.</summary>
internal static class MySqlOwners
{
    /// <summary>
    /// Walks the index of owned workflows from one owner to the next, and reads the workflows of dead owners only.
    /// </summary>
    internal const string Orphans = """
                 SELECT r.id, r.executor_id
                   FROM (   SELECT owner.executor_id
                              FROM (SELECT DISTINCT executor_id
                                      FROM workflow_run FORCE INDEX (workflow_run_owned)
                                     WHERE executor_id IS NOT NULL) AS owner
                         LEFT JOIN executors AS e ON e.id = owner.executor_id AND e.ended IS NULL
                             WHERE e.id IS NULL) AS dead
          STRAIGHT_JOIN workflow_run AS r FORCE INDEX (workflow_run_owned) ON r.executor_id = dead.executor_id
               ORDER BY r.id
                  LIMIT @limit
        """;
}
