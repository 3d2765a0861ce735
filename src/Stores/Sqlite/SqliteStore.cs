using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Workflows in one SQLite file: WAL, one writer, prepared statements. Several processes on one machine may share the file.
/// </summary>
public sealed class SqliteStore : SqlStore
{
    private readonly SqliteDatabase database;
    private readonly SqliteSessions sessions;
    private readonly SqliteChangeLog changes;

    /// <summary>A store over a file, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="file">The path of the file; it is made if it is not there.</param>
    /// <param name="synchronous">How durable a commit is.</param>
    /// <param name="clock">Stands in for the database's clock, which is that of the machine.</param>
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
        // It waits in the queue of the one writer like everybody else, but here, for no other thread may be free.
        var answer = sessions.WriteAsync(statements, cancellation);
        Task.WaitAny([answer], CancellationToken.None);
        return answer;
    }

    private protected override ValueTask CloseAsync() => database.DisposeAsync();
}
