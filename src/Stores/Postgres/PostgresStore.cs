using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Workflows in a PostgreSQL database (13 or newer), in the schema that the search path of the connection names first. Any number of
/// processes share it.
/// </summary>
public sealed class PostgresStore : IWorkflowStore
{
    private readonly PostgresDatabase database;
    private readonly StoreWriter writer;
    private readonly PostgresClaims claims;
    private readonly PostgresOwners owners;
    private readonly SqlExecutors executors;
    private readonly SqlDefinitions definitions;
    private readonly HeartbeatConnection heartbeats;
    private readonly PostgresQueries queries;
    private readonly PostgresHints hints;
    private bool disposed;

    /// <summary>A store over a database, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="connectionString">As Npgsql has it: <c>Host=...;Username=...;Password=...;Database=...</c>.</param>
    /// <param name="clock">Stands in for the clock of the server.</param>
    /// <exception cref="StoreSetupException">It is none.</exception>
    public PostgresStore(string connectionString, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        database = new PostgresDatabase(connectionString, clock);
        writer = new StoreWriter(new PostgresRows(database, database.Work));
        claims = new PostgresClaims(database);
        owners = new PostgresOwners(database);
        executors = new SqlExecutors(new PostgresSessions(database.Keeper, clock));
        heartbeats = new HeartbeatConnection(
            database.Heartbeat.OpenConnection,
            executors,
            PostgresSessions.Dialect,
            clock
        );
        queries = new PostgresQueries(database.Work);
        hints = new PostgresHints(database);
        var sessions = new PostgresSessions(database.Work, clock);
        definitions = new SqlDefinitions(sessions);
        Accounts = new SqlAccounts(sessions);
        Scripts = new SqlScripts(sessions);
    }

    /// <summary>The accounts kept beside the workflows.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The scripts kept beside the workflows.</summary>
    public IScriptStore Scripts { get; }

    /// <inheritdoc/>
    public int ConcurrentWrites => 2;

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public async Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var result = await writer.WriteAsync(batch, cancellation);
        hints.Tell(result.Changes, batch.Now);
        return result;
    }

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return claims.ClaimAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        owners.OwnedAsync(executorId, cancellation);

    /// <inheritdoc/>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var result = await owners.RepairAsync(request, cancellation);
        hints.Tell(result.Changes, result.Now);
        return result;
    }

    /// <inheritdoc/>
    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => executors.RegisterAsync(registration, cancellation);

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(heartbeats.Send(heartbeat));
    }

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        executors.EndAsync(executorId, cancellation);

    /// <inheritdoc/>
    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => this.definitions.SaveAsync(definitions, now, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return queries.UnfinishedAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task RebuildCountsAsync(CancellationToken cancellation) =>
        PostgresCounts.RebuildAsync(database.Work, cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        definitions.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        definitions.VersionsAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        queries.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        queries.FindByExternalIdAsync(externalId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        queries.SearchAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        queries.ChildrenAsync(parentWorkflowId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        queries.ActionsAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        definitions.AllAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        executors.AllAsync(limit, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        queries.CountsAsync(cancellation);

    /// <inheritdoc/>
    public Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        hints.ListenAsync(told, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => PostgresDatabase.IsTransient(exception);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container disposes the store once for each interface under which it is registered.
        if (!Interlocked.Exchange(ref disposed, true))
        {
            heartbeats.Dispose();
            await hints.FlushAsync();
            await database.DisposeAsync();
        }
    }
}
