namespace GopherFlow.Storage.Sql;

/// <summary>The change log of a SQL database: one row for each transaction, and one for each process that listens.</summary>
internal class SqlChangeLog : IChangeLog
{
    /// <summary>The maximum number of entries that are checked, and perhaps deleted, at once.</summary>
    private const int Page = 500;

    private const string DeleteListener = """
        DELETE FROM change_listeners
         WHERE id = @self
        """;

    private const string Known = """
          SELECT id
            FROM workflow_changes
           WHERE id > @after
             AND id <= @read
        ORDER BY id
        """;

    private const string Unread = """
          SELECT id, new_ids, CASE WHEN sender <> @self THEN content END
            FROM workflow_changes
           WHERE id > @read
        ORDER BY id
           LIMIT @limit
        """;

    private const string Delete = """
        DELETE FROM workflow_changes
         WHERE id <= @last
        """;

    private readonly ISqlDatabase database;
    private readonly string deleteExpired;
    private readonly string renew;
    private readonly string insert;
    private readonly string others;
    private readonly string write;
    private readonly string old;

    /// <param name="database">The connections.</param>
    /// <param name="notice">See <see cref="Notice"/>.</param>
    /// <param name="readInterval">See <see cref="ReadInterval"/>.</param>
    public SqlChangeLog(ISqlDatabase database, TimeSpan notice, TimeSpan readInterval)
    {
        this.database = database;
        Notice = notice;
        ReadInterval = readInterval;
        var now = database.Dialect.Now;
        deleteExpired = $"""
            DELETE FROM change_listeners
             WHERE expires < {now}
            """;
        renew = $"""
            UPDATE change_listeners
               SET expires = {now} + @time
             WHERE id = @self
            """;
        insert = $"""
            INSERT INTO change_listeners (id, expires)
            SELECT @self, clock.now + @time
              FROM (SELECT {now} AS now) AS clock
            """;
        others = $"""
            SELECT count(*)
              FROM change_listeners
             WHERE id <> @self
               AND expires >= {now}
            """;
        write = $"""
            INSERT INTO workflow_changes (sender, written, content)
            SELECT @self, clock.now, @content
              FROM (SELECT {now} AS now) AS clock
            """;
        old = $"""
              SELECT id, written, {now}
                FROM workflow_changes
            ORDER BY id
               LIMIT @limit
            """;
    }

    /// <summary>The id of this process in the log.</summary>
    public long Self { get; } = Random.Shared.NextInt64(1, long.MaxValue);

    public TimeSpan Notice { get; }

    public TimeSpan ReadInterval { get; }

    public virtual Task<bool> ListenAsync(TimeSpan time, CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                await session.RunAsync(deleteExpired, cancellation, ("@now", session.Now));
                var wasListening = await session.RunAsync(
                    renew,
                    cancellation,
                    ("@now", session.Now),
                    ("@time", time),
                    ("@self", Self)
                );
                if (wasListening == 0)
                {
                    await session.RunAsync(
                        insert,
                        cancellation,
                        ("@now", session.Now),
                        ("@time", time),
                        ("@self", Self)
                    );
                }

                return wasListening > 0;
            },
            cancellation
        );

    public Task StopListeningAsync(CancellationToken cancellation) =>
        database.WriteAsync(session => session.RunAsync(DeleteListener, cancellation, ("@self", Self)), cancellation);

    public Task<LogPage> ReadAsync(long after, long read, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            session =>
                session.ReadAnswersAsync(
                    $"{Known};\n{Unread}",
                    async answers => new LogPage(
                        await answers.NextAsync(row => row.Number()),
                        await answers.NextAsync(Entry)
                    ),
                    cancellation,
                    ("@after", after),
                    ("@read", read),
                    ("@limit", limit),
                    ("@self", Self)
                ),
            cancellation
        );

    /// <summary>Whether another process listens.</summary>
    public Task<bool> HasOtherListenersAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
                (
                    await session.ReadAsync(
                        others,
                        row => row.Number() > 0,
                        cancellation,
                        ("@now", session.Now),
                        ("@self", Self)
                    )
                )[0],
            cancellation
        );

    /// <summary>Writes an entry in a transaction of its own.</summary>
    public Task WriteAsync(IReadOnlyList<WorkflowChange> changes, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
                session.RunAsync(
                    write,
                    cancellation,
                    ("@now", session.Now),
                    ("@self", Self),
                    ("@content", ChangeText.Of(changes))
                ),
            cancellation
        );

    public Task ForgetAsync(CancellationToken cancellation) =>
        database.WriteAsync(
            async session =>
            {
                var oldest = await session.ReadAsync(
                    old,
                    row => (Id: row.Number(), Written: row.Instant(), Now: row.Instant()),
                    cancellation,
                    ("@now", session.Now),
                    ("@limit", Page)
                );
                var last = oldest.TakeWhile(entry => entry.Now - entry.Written > IChangeLog.Kept).LastOrDefault().Id;
                return last == 0 ? 0 : await session.RunAsync(Delete, cancellation, ("@last", last));
            },
            cancellation
        );

    private static LogEntry Entry(IStoredRow row)
    {
        var (id, newIds, content) = (row.Number(), row.OptionalText(), row.OptionalText());
        return new LogEntry(id, content is null ? [] : ChangeText.Read(content, newIds));
    }
}
