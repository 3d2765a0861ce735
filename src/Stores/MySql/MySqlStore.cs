using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Workflows in a database of MariaDB (10.6 or later) or MySQL 8. Several processes may share it; each finds what the others
/// left by polling.
/// </summary>
public sealed class MySqlStore : IWorkflowStore
{
    private readonly MySqlDatabase database;

    /// <summary>A store over a database, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="connectionString">Server, port, database, user and password; the database must exist.</param>
    /// <exception cref="StoreSetupException">The connection string cannot be read.</exception>
    public MySqlStore(string connectionString)
    {
        database = new MySqlDatabase(connectionString);
        Accounts = new MySqlAccounts(database);
        Scripts = new MySqlScripts(database);
    }

    /// <summary>The accounts kept beside the workflows.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The scripts kept beside the workflows.</summary>
    public IScriptStore Scripts { get; }

    /// <inheritdoc/>
    public int ConcurrentWrites => MySqlDatabase.Committers;

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) => database.OpenAsync(cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlWriting(session, batch).WriteAsync(), cancellation);

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).ClaimAsync(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).ReleaseAsync(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlClaims.OwnedAsync(session, executorId), cancellation);

    /// <inheritdoc/>
    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).RepairAsync(request), cancellation);

    /// <inheritdoc/>
    public Task<long> RegisterExecutorAsync(ExecutorRegistration registration, CancellationToken cancellation) =>
        database.KeepAsync(session => MySqlExecutors.RegisterAsync(session, registration), cancellation);

    /// <inheritdoc/>
    public Task<bool> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        database.KeepAsync(session => MySqlExecutors.HeartbeatAsync(session, heartbeat), cancellation);

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, DateTimeOffset now, CancellationToken cancellation) =>
        database.KeepAsync(session => MySqlExecutors.EndAsync(session, executorId, now.AsStored()), cancellation);

    /// <inheritdoc/>
    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => database.WriteAsync(session => MySqlExecutors.SaveDefinitionsAsync(session, definitions, now), cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlManualChanges(session).ChangeStateAsync(change), cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlManualChanges(session).SetVariableAsync(change), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMove move, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlVersionMoves(session).MoveAsync(move), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlExecutors.DefinitionVersionsAsync(session, name), cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.FindAsync(session, id), cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.FindByExternalIdAsync(session, externalId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.SearchAsync(session, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.ChildrenAsync(session, parentWorkflowId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.ActionsAsync(session, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        database.ReadAsync(MySqlExecutors.DefinitionsAsync, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlExecutors.AllAsync(session, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        database.ReadAsync(MySqlQueries.CountsOfAsync, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) =>
        exception is ExternalIdRaceException || MySqlDriver.IsTransient(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();
}
