using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>The claims of executors, and takeovers, on connections that stay available when the others are saturated.</summary>
internal sealed class SqlOwners
{
    internal const string OwnedBy = """
        SELECT id, lease
          FROM workflow_run
         WHERE executor_id = @executor
        """;

    private readonly ISqlDatabase database;
    private readonly StoreWriter writer;
    private readonly string check;
    private readonly string findOrphans;

    /// <param name="database">The connections.</param>
    /// <param name="rows">The rows, on the same connections.</param>
    /// <param name="orphans">
    /// A query for workflows of owners that are not alive, at most @limit, with their owners, smallest id first.
    /// </param>
    public SqlOwners(ISqlDatabase database, IRowStore rows, string orphans)
    {
        this.database = database;
        writer = new StoreWriter(rows);
        check = $"{orphans};\n{NextExpiry(database.Dialect)}";
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

    /// <summary>Takes over workflows of dead executors. Usually there are none, so it first checks without a transaction.</summary>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var seen = await database.ReadAsync(session => FindAsync(session, check, request, cancellation), cancellation);
        if (seen.Orphans.Count == 0 && !(seen.NextExpiry < seen.Now))
        {
            return seen.Of([]);
        }

        var found = await database.WriteAsync(
            session => FindAsync(session, findOrphans, request, cancellation),
            cancellation
        );
        if (found.Orphans.Count == 0)
        {
            return found.Of([]);
        }

        var batch = new WriteBatch([], found.Orphans, request.ExecutorId, found.Now);
        return found.Of((await writer.WriteAsync(batch, cancellation)).Changes);
    }

    private static Task<Found> FindAsync(
        SqlSession session,
        string statements,
        RepairRequest request,
        CancellationToken cancellation
    ) =>
        session.ReadAnswersAsync(statements, ReadAsync, cancellation, ("@now", session.Now), ("@limit", request.Limit));

    private static async Task<Found> ReadAsync(SqlResults results)
    {
        var orphans = await results.NextAsync(row => new EventFor(row.Number(), new TakenOver(row.Number())));
        var (nextExpiry, executors, now) = (
            await results.NextAsync(row => (row.OptionalInstant(), row.Number(), row.Instant()))
        )[0];
        return new Found(orphans, nextExpiry, (int)executors, now);
    }

    private sealed record Found(List<EventFor> Orphans, DateTimeOffset? NextExpiry, int Executors, DateTimeOffset Now)
    {
        public RepairResult Of(IReadOnlyList<WorkflowChange> changes) => new(changes, NextExpiry, Executors, Now);
    }
}
