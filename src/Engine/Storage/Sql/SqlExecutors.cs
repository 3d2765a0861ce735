using System.Text.Json;

namespace GopherFlow.Storage.Sql;

/// <summary>The executors and their leases, which begin and expire by the database's clock.</summary>
internal sealed class SqlExecutors(ISqlDatabase database)
{
    private const string LastActiveFirst = """
          SELECT id, name, version, executor_groups, capacity, started, last_active, lease_until, ended
            FROM executors
        ORDER BY last_active DESC, id DESC
           LIMIT @limit
        """;

    private readonly string insert = Insert(database.Dialect);

    private readonly string insertReturning = $"""
        {Insert(database.Dialect)}
        RETURNING id, started
        """;

    private readonly string inserted = $"""
        SELECT id, started
          FROM executors
         WHERE id = {database.Dialect.LastId}
        """;

    private readonly string end = $"""
        UPDATE executors
           SET ended = {database.Dialect.Now}
         WHERE id = @id
           AND ended IS NULL
        """;

    private readonly string renew = $"""
        UPDATE executors
           SET last_active = {database.Dialect.Greatest}(last_active, {database.Dialect.Now}),
               lease_until = {database.Dialect.Greatest}(lease_until, {database.Dialect.Now} + @lease)
         WHERE id = @id
           AND ended IS NULL
        """;

    private readonly string renewed = $"""
        SELECT count(*), {database.Dialect.Now}
          FROM executors
         WHERE id = @id
           AND ended IS NULL
        """;

    /// <summary>Registers an executor synchronously, on the calling thread.</summary>
    public ExecutorEntry Register(SqlSession session, ExecutorRegistration registration)
    {
        ReadOnlySpan<(string, object?)> values =
        [
            ("@now", session.Now),
            ("@name", registration.Name),
            ("@version", registration.Version),
            ("@groups", JsonSerializer.Serialize(registration.ExecutorGroups)),
            ("@capacity", registration.Capacity),
            ("@lease", registration.Lease),
        ];
        if (database.Dialect.HasReturning)
        {
            return session.ReadFirst(insertReturning, Entry, values);
        }

        session.Run(insert, values);
        return session.ReadFirst(inserted, Entry);

        static ExecutorEntry Entry(IStoredRow row) => new(row.Number(), row.Instant());
    }

    /// <summary>
    /// Renews a lease synchronously, on the calling thread. The two statements are sent one after the other, because Npgsql uses the thread
    /// pool to send them together. An executor that has ended stays ended, so if the second statement finds it, the first one has renewed
    /// its lease.
    /// </summary>
    public HeartbeatAnswer Renew(SqlSession session, ExecutorHeartbeat heartbeat)
    {
        session.Run(renew, ("@now", session.Now), ("@id", heartbeat.ExecutorId), ("@lease", heartbeat.Lease));
        return session.ReadFirst(
            renewed,
            row => new HeartbeatAnswer(row.Number() > 0, row.Instant()),
            ("@now", session.Now),
            ("@id", heartbeat.ExecutorId)
        );
    }

    public Task EndAsync(long executorId, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.RunAsync(end, cancellation, ("@now", session.Now), ("@id", executorId)),
            cancellation
        );

    public Task<IReadOnlyList<ExecutorRecord>> AllAsync(int limit, CancellationToken cancellation) =>
        database.AllAsync(
            LastActiveFirst,
            row => new ExecutorRecord(
                row.Number(),
                row.Text(),
                row.Text(),
                JsonSerializer.Deserialize<string[]>(row.Text())!,
                row.SmallNumber(),
                row.Instant(),
                row.Instant(),
                row.Instant(),
                row.OptionalInstant()
            ),
            cancellation,
            ("@limit", limit)
        );

    private static string Insert(SqlDialect dialect) =>
        $"""
            INSERT INTO executors (name, version, executor_groups, capacity, started, last_active, lease_until)
            SELECT @name, @version, @groups, @capacity, clock.now, clock.now, clock.now + @lease
              FROM (SELECT {dialect.Now} AS now) AS clock
            """;
}
