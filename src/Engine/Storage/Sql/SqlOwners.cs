using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>Who owns what, and takeovers, on connections that a crowd does not keep waiting.</summary>
internal sealed class SqlOwners
{
    internal const string OwnedBy = """
        SELECT id, lease
          FROM workflow_run
         WHERE executor_id = @executor
        """;

    private readonly ISqlDatabase database;
    private readonly StoreWriter writer;
    private readonly string findOrphans;

    /// <param name="database">The connections.</param>
    /// <param name="rows">The rows, on the same connections.</param>
    /// <param name="orphans">Finds workflows of owners that are not alive, at most @limit, with their owners, smallest id first.</param>
    public SqlOwners(ISqlDatabase database, IRowStore rows, string orphans)
    {
        this.database = database;
        writer = new StoreWriter(rows);
        findOrphans = $"{EndDeadExecutors(database.Dialect)};\n{orphans};\n{NextExpiry(database.Dialect)}";
    }

    internal static string EndDeadExecutors(SqlDialect dialect) =>
        $"""
            UPDATE executors
               SET ended = {dialect.Now}
             WHERE ended IS NULL
               AND lease_until < {dialect.Now}
            """;

    internal static string NextExpiry(SqlDialect dialect) =>
        $"""
            SELECT min(lease_until), count(*), {dialect.Now}
              FROM executors
             WHERE ended IS NULL
            """;

    /// <summary>The claims of an executor.</summary>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        database.AllAsync(
            OwnedBy,
            row => new ClaimKey(row.Number(), row.Number()),
            cancellation,
            ("@executor", executorId)
        );

    /// <summary>Takes workflows from dead executors.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var (found, nextExpiry, executors, now) = await database.WriteAsync(
            session =>
                session.ReadAnswersAsync(
                    findOrphans,
                    ReadOrphansAsync,
                    cancellation,
                    ("@now", session.Now),
                    ("@limit", request.Limit)
                ),
            cancellation
        );
        if (found.Count == 0)
        {
            return new RepairResult([], nextExpiry, executors, now);
        }

        var taken = await writer.WriteAsync(new WriteBatch([], found, request.ExecutorId, now), cancellation);
        return new RepairResult(taken.Changes, nextExpiry, executors, now);
    }

    private static async Task<(List<EventFor>, DateTimeOffset?, int, DateTimeOffset)> ReadOrphansAsync(
        SqlResults results
    )
    {
        var found = await results.NextAsync(row => new EventFor(row.Number(), new TakenOver(row.Number())));
        var (nextExpiry, executors, now) = (
            await results.NextAsync(row => (row.OptionalInstant(), row.Number(), row.Instant()))
        )[0];
        return (found, nextExpiry, (int)executors, now);
    }
}
