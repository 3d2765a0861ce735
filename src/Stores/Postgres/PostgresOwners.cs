using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.Postgres;

/// <summary>Who owns what, and takeovers, on the pool that a crowd does not keep waiting.</summary>
internal sealed class PostgresOwners(PostgresDatabase database)
{
    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow_run
         WHERE executor_id = $1
        """;

    private const string EndDeadExecutors = """
        UPDATE executors
           SET ended = clock.now
          FROM (SELECT coalesce($1, clock_timestamp()) AS now OFFSET 0) AS clock
         WHERE ended IS NULL
           AND lease_until < clock.now
        """;

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
                         LIMIT $1
                   ) AS orphan
          ORDER BY orphan.id
             LIMIT $1
        """;

    private const string NextExpiry = """
        SELECT min(lease_until), coalesce($1, clock_timestamp())
          FROM executors
         WHERE ended IS NULL
        """;

    private readonly StoreWriter writer = new(new PostgresRows(database, database.Keeper));

    /// <summary>The claims of an executor.</summary>
    public async Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        await database.Keeper.ReadAllAsync(
            batch => batch.Statement(OwnedBy).With(executorId),
            row => new ClaimKey(row.Number(), row.Number()),
            cancellation
        );

    /// <summary>Takes workflows from dead executors.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var (orphans, nextExpiry, now) = await FindOrphansAsync(request.Limit, cancellation);
        if (orphans.Count == 0)
        {
            return new RepairResult([], nextExpiry, now);
        }

        var taken = await writer.WriteAsync(new WriteBatch([], orphans, request.ExecutorId, now), cancellation);
        return new RepairResult(taken.Changes, nextExpiry, now);
    }

    private async Task<(List<EventFor> Orphans, DateTimeOffset? NextExpiry, DateTimeOffset Now)> FindOrphansAsync(
        int limit,
        CancellationToken cancellation
    )
    {
        var clock = database.Now;
        await using var batch = database.Keeper.CreateBatch();
        batch.Statement(EndDeadExecutors).With(clock);
        batch.Statement(Orphans).With((long)limit);
        batch.Statement(NextExpiry).With(clock);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var orphans = await reader.ReadAllAsync(
            row => new EventFor(row.Number(), new TakenOver(row.Number())),
            cancellation
        );
        await reader.NextResultAsync(cancellation);
        var (nextExpiry, now) = (
            await reader.ReadAllAsync(row => (row.OptionalInstant(), row.Instant()), cancellation)
        )[0];
        await reader.NextResultAsync(cancellation);
        return (orphans, nextExpiry, now);
    }
}
