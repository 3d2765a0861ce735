using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Sqlite;

/// <summary>Who owns what, and what is owned by executors that are dead.</summary>
internal static class SqliteOwners
{
    internal const string OwnedBy = """
        SELECT id, lease
          FROM workflow_run INDEXED BY workflow_run_owned
         WHERE executor_id = ?1
        """;

    internal const string EndDeadExecutors = """
        UPDATE executors INDEXED BY executors_alive
           SET ended = ?1
         WHERE ended IS NULL
           AND lease_until < ?1
        """;

    internal const string NextExpiry = """
        SELECT min(lease_until)
          FROM executors INDEXED BY executors_alive
         WHERE ended IS NULL
        """;

    /// <summary>Steps from owner to owner, however many workflows each has.</summary>
    internal const string DeadOwners = """
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
        SELECT id
          FROM owner
         WHERE id IS NOT NULL
           AND NOT EXISTS (SELECT 1
                             FROM executors AS e
                            WHERE e.id = owner.id
                              AND e.ended IS NULL)
        """;

    internal const string OrphansOf = """
          SELECT id
            FROM workflow_run INDEXED BY workflow_run_owned
           WHERE executor_id = ?1
        ORDER BY id
           LIMIT ?2
        """;

    /// <summary>The claims of an executor.</summary>
    public static IReadOnlyList<ClaimKey> Owned(SqliteReader reader, long executorId) =>
        reader.Statement(OwnedBy).Bind(executorId).ReadAll(row => new ClaimKey(row.Number(), row.Number()));

    /// <summary>Ends executors whose lease is over, and finds the workflows of those that have ended.</summary>
    public static Orphans FindOrphans(SqliteReader statements, int limit, DateTimeOffset now)
    {
        statements.Statement(EndDeadExecutors).Bind(now).Run();
        var orphans = new List<EventFor>();
        foreach (var owner in statements.Statement(DeadOwners).ReadAll(row => row.Number()))
        {
            orphans.AddRange(
                statements
                    .Statement(OrphansOf)
                    .Bind(owner)
                    .Bind(limit)
                    .ReadAll(row => new EventFor(row.Number(), new TakenOver(owner)))
            );
        }

        orphans.Sort((one, other) => one.WorkflowId.CompareTo(other.WorkflowId));
        return new Orphans(
            orphans.Count <= limit ? orphans : orphans.GetRange(0, limit),
            statements.Statement(NextExpiry).ReadInstant()
        );
    }
}

/// <summary>Workflows of dead executors.</summary>
/// <param name="Takeovers">What happens to each, in the order of their ids.</param>
/// <param name="NextExpiry">When the next lease is over unless it is renewed.</param>
internal sealed record Orphans(IReadOnlyList<EventFor> Takeovers, DateTimeOffset? NextExpiry);
