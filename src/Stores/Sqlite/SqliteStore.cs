using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Stores workflows in a SQLite file: WAL, one writer, prepared statements. Several processes on one machine can share the file.
/// </summary>
public sealed class SqliteStore : SqlStore
{
    private readonly SqliteDatabase database;
    private readonly SqliteSessions sessions;
    private readonly SqliteChangeLog changes;

    /// <summary>Creates a store. <see cref="InitializeAsync"/> opens the file.</summary>
    /// <param name="file">The path of the file. It is created if it does not exist.</param>
    /// <param name="synchronous">How durable a commit is. Default: FULL.</param>
    /// <param name="clock">Replaces the database's clock, which is that of the machine; null for that clock.</param>
    public SqliteStore(string file, SqliteSynchronous synchronous = SqliteSynchronous.Full, TimeProvider? clock = null)
        : this(new SqliteDatabase(file, synchronous), clock ?? TimeProvider.System) { }

    private SqliteStore(SqliteDatabase database, TimeProvider clock)
        : this(database, clock, new SqliteSessions(database, clock)) { }

    private SqliteStore(SqliteDatabase database, TimeProvider clock, SqliteSessions sessions)
        : this(database, sessions, new SqliteChangeLog(sessions, clock)) { }

    private SqliteStore(SqliteDatabase database, SqliteSessions sessions, SqliteChangeLog changes)
        : base(
            new SqlParts
            {
                Work = sessions,
                Rows = new SqliteRowStore(database, changes),
                Keeper = sessions,
                KeeperRows = new SqliteRowStore(database, changes),
                Changes = changes,
                Orphans = SqliteOwners.Orphans,
                Expired = new SqlExpired(sessions, SqliteHistory.AddToOne),
            }
        )
    {
        this.database = database;
        this.sessions = sessions;
        this.changes = changes;
    }

    /// <inheritdoc/>
    public override Task InitializeAsync(CancellationToken cancellation)
    {
        database.Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override SynchronizationContext WriterContext => database.Writer;

    /// <inheritdoc/>
    public override Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        database.Writer.RunAsync((statements, _) => new SqliteClaims(statements, changes).Claim(request), cancellation);

    /// <inheritdoc/>
    public override Task RebuildCountsAsync(CancellationToken cancellation) =>
        database.Writer.RunAsync((statements, _) => statements.RebuildCounts(), cancellation);

    /// <inheritdoc/>
    public override bool IsTransient(Exception exception) => SqliteDatabase.IsTransient(exception);

    private protected override Task<T> RunForLeaseAsync<T>(
        Func<SqlSession, T> statements,
        CancellationToken cancellation
    )
    {
        // The lease waits in the queue of the writer like all other work, but it blocks this thread, because no other thread may be free.
        var answer = sessions.WriteAsync(statements, cancellation);
        Task.WaitAny([answer], CancellationToken.None);
        return answer;
    }

    private protected override ValueTask CloseAsync() => database.DisposeAsync();
}
