using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Workflows in one SQLite file: WAL, one writer, prepared statements. Several processes on one machine may share the file.
/// </summary>
public sealed class SqliteStore : IWorkflowStore
{
    private readonly SqliteDatabase database;
    private readonly StoreWriter writer;
    private readonly TimeProvider clock;
    private readonly SqliteSessions sessions;
    private readonly SqlExecutors executors;
    private readonly SqlDefinitions definitions;

    /// <summary>A store over a file, which <see cref="InitializeAsync"/> opens.</summary>
    /// <param name="file">The path of the file; it is made if it is not there.</param>
    /// <param name="synchronous">How durable a commit is.</param>
    /// <param name="clock">Stands in for the database's clock, which is that of the machine.</param>
    public SqliteStore(string file, SqliteSynchronous synchronous = SqliteSynchronous.Full, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        database = new SqliteDatabase(file, synchronous);
        writer = new StoreWriter(new SqliteRowStore(database));
        sessions = new SqliteSessions(database, this.clock);
        executors = new SqlExecutors(sessions);
        definitions = new SqlDefinitions(sessions);
        Accounts = new SqlAccounts(sessions);
        Scripts = new SqlScripts(sessions);
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
    ) => executors.RegisterAsync(registration, cancellation);

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation)
    {
        // It waits in the queue of the one writer like everybody else, but here, for no other thread may be free.
        var renewed = sessions.WriteAsync(session => executors.Renew(session, heartbeat), cancellation);
        Task.WaitAny([renewed], CancellationToken.None);
        return renewed;
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
    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        database.ReadAsync(reader => SqliteQueries.Unfinished(reader, search), cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        definitions.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        definitions.VersionsAsync(name, cancellation);

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
        definitions.AllAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        executors.AllAsync(limit, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        database.ReadAsync(SqliteQueries.Counts, cancellation);

    /// <inheritdoc/>
    public Task RebuildCountsAsync(CancellationToken cancellation) => Write(SqliteQueries.RebuildCounts, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => SqliteDatabase.IsTransient(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<T> Write<T>(Func<SqliteReader, T> work, CancellationToken cancellation) =>
        database.Writer.RunAsync(_ => work(database.Writer.Statements), cancellation);
}
