using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Workflows in a database of MariaDB (10.6 or later) or MySQL 8. Several processes may share it; each finds what the others
/// left by polling.
/// </summary>
public sealed class MySqlStore : IWorkflowStore
{
    private readonly MySqlDatabase database;
    private readonly StoreWriter writer;
    private readonly MySqlClaims claims;
    private readonly MySqlOwners owners;
    private readonly SqlExecutors executors;
    private readonly SqlDefinitions definitions;
    private readonly HeartbeatConnection heartbeats;
    private readonly MySqlQueries queries;

    /// <summary>A store over a database, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="connectionString">Server, port, database, user and password; the database must exist.</param>
    /// <param name="clock">Stands in for the clock of the server.</param>
    /// <exception cref="StoreSetupException">The connection string cannot be read.</exception>
    public MySqlStore(string connectionString, TimeProvider? clock = null)
    {
        database = new MySqlDatabase(connectionString, clock);
        writer = new StoreWriter(new MySqlRows(database.Work));
        claims = new MySqlClaims(database);
        owners = new MySqlOwners(database);
        queries = new MySqlQueries(database.Work);
        executors = new SqlExecutors(new MySqlSessions(database.Keeper, clock));
        heartbeats = new HeartbeatConnection(database.OpenForHeartbeats, executors, MySqlSessions.Dialect, clock);
        var sessions = new MySqlSessions(database.Work, clock);
        definitions = new SqlDefinitions(sessions);
        Accounts = new SqlAccounts(sessions);
        Scripts = new SqlScripts(sessions);
    }

    /// <summary>The accounts kept beside the workflows.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The scripts kept beside the workflows.</summary>
    public IScriptStore Scripts { get; }

    /// <inheritdoc/>
    public int ConcurrentWrites => MySqlDatabase.ConcurrentWrites;

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return writer.WriteAsync(batch, cancellation);
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
    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return owners.RepairAsync(request, cancellation);
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
        database.Work.TransactAsync(connection => MySqlCounts.RebuildAsync(connection, cancellation), cancellation);

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
    public bool IsTransient(Exception exception) => MySqlDriver.IsTransient(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        heartbeats.Dispose();
        return database.DisposeAsync();
    }
}
