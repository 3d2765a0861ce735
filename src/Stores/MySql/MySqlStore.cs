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
    private readonly SqlExecutors executors;
    private readonly SqlDefinitions definitions;
    private readonly HeartbeatConnection heartbeats;

    /// <summary>A store over a database, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="connectionString">Server, port, database, user and password; the database must exist.</param>
    /// <param name="clock">Stands in for the clock of the server.</param>
    public MySqlStore(string connectionString, TimeProvider? clock = null)
    {
        database = new MySqlDatabase(connectionString, clock);
        executors = new SqlExecutors(new MySqlSessions(database, forExecutors: true));
        heartbeats = new HeartbeatConnection(database.OpenForHeartbeats, executors, MySqlSessions.Dialect, clock);
        var sessions = new MySqlSessions(database, forExecutors: false);
        definitions = new SqlDefinitions(sessions);
        Accounts = new SqlAccounts(sessions);
        Scripts = new SqlScripts(sessions);
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
        database.WriteAsync(session => new MySqlWriting(session, batch).Write(), cancellation);

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).Claim(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).Release(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlClaims.Owned(session, executorId), cancellation);

    /// <inheritdoc/>
    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlClaims(session).Repair(request, database.Now), cancellation);

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
    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlManualChanges(session).ChangeState(change), cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlManualChanges(session).SetVariable(change), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMove move, CancellationToken cancellation) =>
        database.WriteAsync(session => new MySqlVersionMoves(session).Move(move), cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        definitions.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        definitions.VersionsAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.Find(session, id), cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.FindByExternalId(session, externalId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.Search(session, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.Children(session, parentWorkflowId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        database.ReadAsync(session => MySqlQueries.Actions(session, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        definitions.AllAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        executors.AllAsync(limit, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        database.ReadAsync(MySqlQueries.CountsOf, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) =>
        exception is ExternalIdRaceException || MySqlDriver.IsTransient(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        heartbeats.Dispose();
        return database.DisposeAsync();
    }
}
