using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Workflows in a PostgreSQL database (13 or newer), in the schema that the search path of the connection names first. Any number of
/// processes share it.
/// </summary>
public sealed class PostgresStore : SqlStore
{
    private readonly PostgresDatabase database;
    private readonly PostgresClaims claims;
    private readonly PostgresHints hints;

    /// <summary>A store over a database, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="connectionString">As Npgsql has it: <c>Host=...;Username=...;Password=...;Database=...</c>.</param>
    /// <param name="clock">Stands in for the clock of the server.</param>
    /// <exception cref="StoreSetupException">It is none.</exception>
    public PostgresStore(string connectionString, TimeProvider? clock = null)
        : this(new PostgresDatabase(connectionString, clock), clock) { }

    private PostgresStore(PostgresDatabase database, TimeProvider? clock)
        : base(
            new SqlParts
            {
                Work = new PostgresSessions(database.Work, clock),
                Rows = new PostgresRows(database, database.Work),
                Keeper = new PostgresSessions(database.Keeper, clock),
                KeeperRows = new PostgresRows(database, database.Keeper),
                Orphans = PostgresOwners.Orphans,
                OpenForHeartbeats = database.Heartbeat.OpenConnection,
                Clock = clock,
            }
        )
    {
        this.database = database;
        claims = new PostgresClaims(database);
        hints = new PostgresHints(database);
    }

    /// <inheritdoc/>
    public override int ConcurrentWrites => 2;

    /// <inheritdoc/>
    public override Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public override async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        var result = await base.WriteAsync(batch, cancellation);
        hints.Tell(result.Changes, batch.Now);
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
        hints.Tell(result.Changes, result.Now);
        return result;
    }

    /// <inheritdoc/>
    public override Task RebuildCountsAsync(CancellationToken cancellation) =>
        PostgresCounts.RebuildAsync(database.Work, cancellation);

    /// <inheritdoc/>
    public override string? ReasonToPoll => database.ReasonToPoll;

    /// <inheritdoc/>
    public override Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        ReasonToPoll is null ? hints.ListenAsync(told, cancellation) : Task.CompletedTask;

    /// <inheritdoc/>
    public override bool IsTransient(Exception exception) => PostgresDatabase.IsTransient(exception);

    private protected override async ValueTask CloseAsync()
    {
        await hints.FlushAsync();
        await database.DisposeAsync();
    }
}
