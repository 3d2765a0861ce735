using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Stores workflows in a PostgreSQL database (13 or newer), in the first schema of the connection's search path. Any number of processes
/// can share it.
/// </summary>
public sealed class PostgresStore : SqlStore
{
    private readonly PostgresDatabase database;
    private readonly PostgresClaims claims;
    private readonly PostgresHints hints;
    private readonly PostgresChanges changes;

    /// <summary>Creates a store. <see cref="InitializeAsync"/> opens the database.</summary>
    /// <param name="connectionString">The connection string for Npgsql: <c>Host=...;Username=...;Password=...;Database=...</c>.</param>
    /// <param name="clock">Replaces the clock of the database server; null for that clock.</param>
    /// <exception cref="StoreSetupException">The connection string is not valid.</exception>
    public PostgresStore(string connectionString, TimeProvider? clock = null)
        : this(new PostgresDatabase(connectionString, clock), clock) { }

    private PostgresStore(PostgresDatabase database, TimeProvider? clock)
        : this(database, clock, new PostgresHints(database)) { }

    private PostgresStore(PostgresDatabase database, TimeProvider? clock, PostgresHints hints)
        : this(database, clock, hints, new PostgresChanges(database, hints, clock)) { }

    private PostgresStore(PostgresDatabase database, TimeProvider? clock, PostgresHints hints, PostgresChanges changes)
        : base(
            new SqlParts
            {
                Work = new PostgresSessions(database.Work, clock),
                Rows = new PostgresRows(database, database.Work, changes),
                Keeper = new PostgresSessions(database.Keeper, clock),
                KeeperRows = new PostgresRows(database, database.Keeper, changes),
                Changes = changes.Log,
                Audience = changes.Audience,
                Orphans = PostgresOwners.Orphans,
                Expired = new PostgresExpired(database.Work, new PostgresSessions(database.Work, clock)),
                OpenForLease = database.Lease.OpenConnection,
                Clock = clock,
            }
        )
    {
        this.database = database;
        this.hints = hints;
        this.changes = changes;
        claims = new PostgresClaims(database, changes);
    }

    /// <inheritdoc/>
    public override int ConcurrentWrites => 2;

    /// <inheritdoc/>
    public override Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public override async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        var result = await base.WriteAsync(batch, cancellation);
        Tell(result.Changes, batch.Now);
        return result;
    }

    /// <inheritdoc/>
    public override Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return claims.ClaimAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public override async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var result = await base.RepairAsync(request, cancellation);
        Tell(result.Changes, result.Now);
        return result;
    }

    /// <inheritdoc/>
    public override Task RebuildCountsAsync(CancellationToken cancellation) =>
        PostgresCounts.RebuildAsync(database.Work, cancellation);

    /// <inheritdoc/>
    public override string? ReasonToPoll => database.ReasonToPoll;

    /// <inheritdoc/>
    public override Task ListenAsync(StoreNews news, CancellationToken cancellation) =>
        ReasonToPoll is null ? hints.ListenAsync(news, changes.Audience.Forget, cancellation) : Task.CompletedTask;

    /// <inheritdoc/>
    public override bool IsTransient(Exception exception) => PostgresDatabase.IsTransient(exception);

    private protected override void Tell(IReadOnlyList<WorkflowChange> changes, DateTimeOffset now) =>
        hints.Tell(changes, now);

    private protected override async ValueTask CloseAsync()
    {
        await hints.FlushAsync();
        await database.DisposeAsync();
    }
}
