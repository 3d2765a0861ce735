using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Stores workflows in a database of MariaDB (10.6 or later) or MySQL 8. Several processes can share it; they find each other's work by
/// polling.
/// </summary>
public sealed class MySqlStore : SqlStore
{
    private readonly MySqlDatabase database;
    private readonly MySqlClaims claims;

    /// <summary>Creates a store. <see cref="InitializeAsync"/> opens the database.</summary>
    /// <param name="connectionString">Server, port, database, user and password. The database must exist.</param>
    /// <param name="clock">Replaces the clock of the database server; null for that clock.</param>
    /// <exception cref="StoreSetupException">The connection string cannot be read.</exception>
    public MySqlStore(string connectionString, TimeProvider? clock = null)
        : this(new MySqlDatabase(connectionString), clock) { }

    private MySqlStore(MySqlDatabase database, TimeProvider? clock)
        : this(database, clock, new MySqlChanges(database, clock)) { }

    private MySqlStore(MySqlDatabase database, TimeProvider? clock, MySqlChanges changes)
        : base(
            new SqlParts
            {
                Work = new MySqlSessions(database.Work, clock),
                Rows = new MySqlRows(database.Work, changes),
                Keeper = new MySqlSessions(database.Keeper, clock),
                KeeperRows = new MySqlRows(database.Keeper, changes),
                Changes = changes.Log,
                Audience = changes.Audience,
                Orphans = MySqlOwners.Orphans,
                Expired = new SqlExpired(new MySqlSessions(database.Work, clock), MySqlCounts.AddToOne),
                OpenForLease = database.OpenForLease,
                Clock = clock,
            }
        )
    {
        this.database = database;
        claims = new MySqlClaims(database, changes);
    }

    /// <inheritdoc/>
    public override int ConcurrentWrites => MySqlDatabase.ConcurrentWrites;

    /// <inheritdoc/>
    public override Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public override Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return claims.ClaimAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public override Task RebuildCountsAsync(CancellationToken cancellation) =>
        database.Work.TransactAsync(
            connection => MySqlCounts.RebuildAsync(connection, database.Work.Dialect, cancellation),
            cancellation
        );

    /// <inheritdoc/>
    public override bool IsTransient(Exception exception) => MySqlDriver.IsTransient(exception);

    private protected override ValueTask CloseAsync() => database.DisposeAsync();
}
