using GopherFlow.Rules;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>Who owns what, and takeovers, on the pool that a crowd does not keep waiting.</summary>
internal sealed class MySqlOwners(MySqlDatabase database)
{
    private const string OwnedBy = """
        SELECT id, lease
          FROM workflow_run
         WHERE executor_id = @executor
        """;

    private const string EndDeadExecutors = $"""
        UPDATE executors
           SET ended = {MySqlSessions.Now}
         WHERE ended IS NULL
           AND lease_until < {MySqlSessions.Now}
        """;

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

    private const string NextExpiry = $"""
        SELECT min(lease_until), {MySqlSessions.Now}
          FROM executors
         WHERE ended IS NULL
        """;

    private readonly StoreWriter writer = new(new MySqlRows(database.Keeper));

    /// <summary>The claims of an executor.</summary>
    public async Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        await database.Keeper.RunAsync(
            async connection =>
            {
                await using var batch = new MySqlBatch(connection);
                batch.Statement(OwnedBy).With("@executor", executorId);
                return await batch.ReadAllAsync(row => new ClaimKey(row.Number(), row.Number()), cancellation);
            },
            cancellation
        );

    /// <summary>Takes workflows from dead executors.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var (orphans, nextExpiry, now) = await database.Keeper.RunAsync(
            connection => FindOrphansAsync(connection, request.Limit, cancellation),
            cancellation
        );
        if (orphans.Count == 0)
        {
            return new RepairResult([], nextExpiry, now);
        }

        var taken = await writer.WriteAsync(new WriteBatch([], orphans, request.ExecutorId, now), cancellation);
        return new RepairResult(taken.Changes, nextExpiry, now);
    }

    private async Task<(List<EventFor> Orphans, DateTimeOffset? NextExpiry, DateTimeOffset Now)> FindOrphansAsync(
        MySqlConnection connection,
        int limit,
        CancellationToken cancellation
    )
    {
        var clock = database.Now;
        await using var batch = new MySqlBatch(connection);
        batch.Statement(EndDeadExecutors).With("@now", clock);
        batch.Statement(Orphans).With("@limit", limit);
        batch.Statement(NextExpiry).With("@now", clock);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var orphans = await reader.ReadAllAsync(
            row => new EventFor(row.Number(), new TakenOver(row.Number())),
            cancellation
        );
        var (nextExpiry, now) = (
            await reader.ReadAllAsync(row => (row.OptionalInstant(), row.Instant()), cancellation)
        )[0];
        await reader.FinishAsync(cancellation);
        return (orphans, nextExpiry, now);
    }
}
