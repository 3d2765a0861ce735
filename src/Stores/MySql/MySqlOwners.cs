namespace GopherFlow.Stores.MySql;

/// <summary>Who owns what.</summary>
internal static class MySqlOwners
{
    /// <summary>
    /// The owners are walked by the index of what is owned, from one to the next; what an owner has is only looked at when it is
    /// dead.
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
