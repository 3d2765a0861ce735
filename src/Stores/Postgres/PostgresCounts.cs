using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Statements that maintain the counts. A transaction locks the counts last, in the order of their keys, so that two transactions
/// cannot deadlock.
/// </summary>
internal static class PostgresCounts
{
    /// <summary>Connections are spread over 32 slots, so that writers rarely wait for each other.</summary>
    public const string Slot = "pg_backend_pid() % 32";

    /// <summary>The end of an INSERT of count changes.</summary>
    public const string AddToSlot = """
        ON CONFLICT (workflow_type, version, state, status, slot) DO UPDATE
                SET count = workflow_counts.count + excluded.count
        """;

    private const string AddAll = $"""
        INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
          SELECT workflow_type, version, state, status, {Slot}, by
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
              AS given (workflow_type, version, state, status, by)
        ORDER BY workflow_type COLLATE "C", version COLLATE "C", state COLLATE "C", status COLLATE "C"
        {AddToSlot}
        """;

    private const string Lock = "LOCK TABLE workflow_counts IN EXCLUSIVE MODE";

    private const string Forget = "DELETE FROM workflow_counts";

    private const string CountAll = """
          INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)
          SELECT r.workflow_type, r.version, r.state, r.status, 0, count(*)
            FROM workflow_run AS r
        GROUP BY 1, 2, 3, 4
           UNION ALL
          SELECT w.workflow_type, f.version, f.state, f.status, 0, count(*)
            FROM workflow_result AS f
            JOIN workflow AS w ON w.id = f.id
        GROUP BY 1, 2, 3, 4
        """;

    /// <summary>Adds to the counts.</summary>
    public static void AddCounts(this NpgsqlBatch batch, CountDeltas deltas) =>
        batch.Add(AddAll, deltas.NonZero.ToList(), static (row, count) => row.WithCount(count.Key).With(count.Value));

    /// <summary>
    /// Counts all workflows again. A transaction that has already written workflows but not yet its counts waits for the lock and adds its
    /// changes afterwards.
    /// </summary>
    public static async Task RebuildAsync(PostgresPool source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        batch.Statement(Lock);
        batch.Statement("SET LOCAL enable_seqscan = on");
        batch.Statement(Forget);
        batch.Statement(CountAll);
        await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
