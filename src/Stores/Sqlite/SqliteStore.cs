using GopherFlow.Rules;
using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Workflows in one SQLite file: WAL, one writer, prepared statements. Several processes on one machine may share the file.
/// </summary>
public sealed class SqliteStore : IWorkflowStore
{
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly SqliteDatabase database;
    private readonly StoreWriter writer;
    private readonly TimeProvider clock;

    /// <summary>A store over a file, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="file">The path of the file; it is made if it is not there.</param>
    /// <param name="synchronous">How durable a commit is.</param>
    /// <param name="clock">Stands in for the database's clock, which is that of the machine.</param>
    public SqliteStore(string file, SqliteSynchronous synchronous = SqliteSynchronous.Full, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        database = new SqliteDatabase(file, synchronous);
        writer = new StoreWriter(new SqliteRowStore(database));
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
        writer.WriteAsync(batch, cancellation);

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Write(statements => new SqliteClaims(statements).Claim(request), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteOwners.Owned(reader, executorId), cancellation);

    /// <inheritdoc/>
    public async Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        var now = Now;
        var orphans = await Write(statements => SqliteOwners.FindOrphans(statements, request.Limit, now), cancellation);
        var taken =
            orphans.Takeovers.Count == 0
                ? []
                : (
                    await writer.WriteAsync(
                        new WriteBatch([], orphans.Takeovers, request.ExecutorId, now),
                        cancellation
                    )
                ).Changes;
        return new RepairResult(taken, orphans.NextExpiry, now);
    }

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
    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Unfinished(reader, search), cancellation);

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
        database.ReadAsync(reader => SqliteSearch.Search(reader, search), cancellation);

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
        database.ReadAsync(SqliteQueries.Counts, cancellation);

    /// <inheritdoc/>
    public Task RebuildCountsAsync(CancellationToken cancellation) => Write(SqliteQueries.RebuildCounts, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => exception is SqliteException { SqliteErrorCode: Busy or Locked };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<T> Write<T>(Func<SqliteReader, T> work, CancellationToken cancellation) =>
        database.Writer.RunAsync(_ => work(database.Writer.Statements), cancellation);
}
