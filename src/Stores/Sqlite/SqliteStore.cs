using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Workflows in one SQLite file: WAL, one writer, prepared statements, foreign keys on. Several processes on one machine may
/// share the file.
/// </summary>
public sealed class SqliteStore : IWorkflowStore
{
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly SqliteDatabase database;
    private readonly TimeProvider clock;

    /// <summary>A store over a file, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="file">The path of the file; it is made if it is not there.</param>
    /// <param name="synchronous">How durable a commit is.</param>
    /// <param name="clock">Stands in for the database's clock, which is that of the machine.</param>
    public SqliteStore(string file, SqliteSynchronous synchronous = SqliteSynchronous.Full, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        database = new SqliteDatabase(file, synchronous);
        Accounts = new SqliteAccounts(database);
        Scripts = new SqliteScripts(database);
    }

    /// <summary>The accounts kept beside the workflows.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The scripts kept beside the workflows.</summary>
    public IScriptStore Scripts { get; }

    private DateTimeOffset Now => clock.GetUtcNow().AsStored();

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation)
    {
        database.Open();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        database.Writer.RunAsync(
            transaction => new SqliteWriting(database.Writer.Statements).Write(batch, transaction),
            cancellation
        );

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Write(statements => new SqliteClaims(statements).Claim(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) =>
        Write(statements => new SqliteClaims(statements).Release(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteClaims.Owned(reader, executorId), cancellation);

    /// <inheritdoc/>
    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        Write(statements => new SqliteClaims(statements).Repair(request, Now), cancellation);

    /// <inheritdoc/>
    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => Write(statements => SqliteExecutors.Register(statements, registration, Now), cancellation);

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        Write(statements => SqliteExecutors.Heartbeat(statements, heartbeat, Now), cancellation);

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        Write(statements => SqliteExecutors.End(statements, executorId, Now), cancellation);

    /// <inheritdoc/>
    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => Write(statements => SqliteExecutors.SaveDefinitions(statements, definitions, now), cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        Write(statements => new SqliteManualChanges(statements).ChangeState(change), cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        Write(statements => new SqliteManualChanges(statements).SetVariable(change), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMove move, CancellationToken cancellation) =>
        Write(statements => new SqliteVersionMoves(statements).Move(move), cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteExecutors.FindDefinition(reader, name), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteExecutors.DefinitionVersions(reader, name), cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Find(reader, id), cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.FindByExternalId(reader, externalId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Search(reader, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Children(reader, parentWorkflowId), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Actions(reader, search), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        database.ReadAsync(SqliteExecutors.Definitions, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteExecutors.All(reader, limit), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        database.ReadAsync(SqliteQueries.CountsOf, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<T> Write<T>(Func<SqliteReader, T> work, CancellationToken cancellation) =>
        database.Writer.RunAsync(_ => work(database.Writer.Statements), cancellation);
}
