using System.Data.Common;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage.Sql;

/// <summary>A store on a SQL database. Each call is passed to the part that handles it.</summary>
public abstract class SqlStore : IWorkflowStore
{
    private readonly StoreWriter writer;
    private readonly LimitedClaims limited;
    private readonly SqlWorkflows workflows;
    private readonly SqlBacklog backlog;
    private readonly SqlPermitQueues permitQueues;
    private readonly SqlSearches searches;
    private readonly SqlHistory history;
    private readonly SqlOwners owners;
    private readonly SqlDefinitions definitions;
    private readonly SqlExpired expired;
    private readonly SqlRoles roles;
    private readonly SqlLeftovers leftovers;
    private readonly LeaseConnection? leases;
    private bool isDisposed;

    private protected SqlStore(SqlParts parts)
    {
        writer = new StoreWriter(parts.Rows);
        limited = new LimitedClaims(parts.Rows);
        workflows = new SqlWorkflows(parts.Work);
        searches = new SqlSearches(parts.Work);
        backlog = new SqlBacklog(parts.Work);
        permitQueues = new SqlPermitQueues(parts.Work);
        history = new SqlHistory(parts.Work);
        owners = new SqlOwners(parts.Keeper, parts.KeeperRows, parts.Orphans);
        definitions = new SqlDefinitions(parts.Work);
        expired = parts.Expired;
        roles = new SqlRoles(parts.Work);
        leftovers = new SqlLeftovers(parts.Work);
        Executors = new SqlExecutors(parts.Keeper);
        Changes = parts.Changes;
        Audience = parts.Audience;
        Accounts = new SqlAccounts(parts.Work);
        Audit = new SqlAuditLog(parts.Work);
        Throughput = new SqlThroughputLog(parts.Work);
        Scripts = new SqlScripts(parts.Work);
        Jobs = new SqlJobs(parts.Work, parts.Rows, (page, now) => Tell(page.Changes, now));
        Schedules = new SqlSchedules(parts.Work, parts.Rows, Tell);
        if (parts.OpenForLease is { } open)
        {
            leases = new LeaseConnection(open, parts.Keeper.Dialect, parts.Clock);
        }
    }

    /// <summary>The accounts, in the same database as the workflows.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>The audit log, in the same database as the workflows.</summary>
    public IAuditLog Audit { get; }

    /// <summary>How many workflows ended in each of the last minutes.</summary>
    public IThroughputLog Throughput { get; }

    /// <summary>The scripts, in the same database as the workflows.</summary>
    public IScriptStore Scripts { get; }

    /// <summary>The jobs, in the same database as the workflows.</summary>
    public IJobStore Jobs { get; }

    /// <summary>The schedules, in the same database as the workflows.</summary>
    public IScheduleStore Schedules { get; }

    /// <inheritdoc/>
    public IChangeLog Changes { get; }

    /// <inheritdoc/>
    public virtual int ConcurrentWrites => 1;

    /// <inheritdoc/>
    public virtual SynchronizationContext? WriterContext => null;

    /// <summary>Knows whether other processes listen to changes; null if each transaction checks by itself.</summary>
    internal SqlAudience? Audience { get; }

    private protected SqlExecutors Executors { get; }

    /// <inheritdoc/>
    public abstract Task InitializeAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return writer.WriteAsync(batch, cancellation);
    }

    /// <inheritdoc/>
    public Task<WriteResult> WriteWithinAsync(
        DbTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(batch);
        return writer.WriteWithinAsync(transaction, batch, cancellation);
    }

    /// <inheritdoc/>
    public abstract Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <inheritdoc/>
    public Task<LimitedClaimResult> ClaimLimitedAsync(LimitedClaimRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return limited.ClaimAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        owners.OwnedAsync(executorId, cancellation);

    /// <inheritdoc/>
    public virtual Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return owners.RepairAsync(request, cancellation);
    }

    /// <inheritdoc/>
    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => RunForLeaseAsync(session => Executors.Register(session, registration), cancellation);

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        RunForLeaseAsync(session => Executors.Renew(session, heartbeat), cancellation);

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        Executors.EndAsync(executorId, cancellation);

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
        return workflows.UnfinishedAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        workflows.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        workflows.FindByExternalIdAsync(externalId, cancellation);

    /// <inheritdoc/>
    public Task<SearchResult> SearchAsync(WorkflowSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return searches.FindAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(ChildSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return workflows.ChildrenAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalRecord>> SignalsAsync(SignalSearch search, CancellationToken cancellation) =>
        workflows.SignalsAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<SignalRecord?> OldestSignalAsync(long workflowId, string name, CancellationToken cancellation) =>
        workflows.OldestSignalAsync(workflowId, name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(long workflowId, CancellationToken cancellation) =>
        workflows.TakenSignalsAsync(workflowId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return history.ActionsAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistorySum>> HistorySumsAsync(long workflowId, CancellationToken cancellation) =>
        history.SumsAsync(workflowId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TracedChange>> TracedChangesAsync(
        long workflowId,
        long upTo,
        CancellationToken cancellation
    ) => history.TracedChangesAsync(workflowId, upTo, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        definitions.AllAsync(cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        definitions.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        definitions.VersionsAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        Executors.AllAsync(limit, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        workflows.CountsAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return backlog.FirstDueAsync(definitions, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return backlog.UpcomingAsync(definitions, limit, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(PermitQueueSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return permitQueues.FindAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public abstract Task RebuildCountsAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public Task<bool> TakeRoleAsync(RoleClaim claim, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return roles.TakeAsync(claim, cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExpiredWorkflow>> FindExpiredAsync(ExpiredSearch search, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(search);
        return expired.FindAsync(search, cancellation);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(expired);
        return expired.Count == 0 ? Task.FromResult(0) : this.expired.DeleteAsync(expired, cancellation);
    }

    /// <inheritdoc/>
    public Task<Leftovers> DeleteLeftoversAsync(LeftoverLimits limits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return leftovers.DeleteAsync(limits, cancellation);
    }

    /// <inheritdoc/>
    public virtual string? ReasonToPoll => null;

    /// <inheritdoc/>
    public virtual Task ListenAsync(StoreNews news, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public abstract bool IsTransient(Exception exception);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container disposes the store once for each interface under which it is registered.
        if (!Interlocked.Exchange(ref isDisposed, true))
        {
            leases?.Dispose();
            await CloseAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Notifies other processes of work that a transaction has made due, if the database supports notifications.</summary>
    private protected virtual void Tell(IReadOnlyList<WorkflowChange> changes, DateTimeOffset now) { }

    /// <summary>Runs the statements of a lease on the calling thread, because no other thread may be free.</summary>
    private protected virtual Task<T> RunForLeaseAsync<T>(
        Func<SqlSession, T> statements,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(leases!.Run(statements));
    }

    private protected abstract ValueTask CloseAsync();
}

/// <summary>The parts of a store that differ from database to database.</summary>
internal sealed record SqlParts
{
    /// <summary>The connections for everything except what <see cref="Keeper"/> is for.</summary>
    public required ISqlDatabase Work { get; init; }

    /// <summary>The rows, on these connections.</summary>
    public required IRowStore Rows { get; init; }

    /// <summary>The connections for executors, their claims and takeovers, which stay available when the others are saturated.</summary>
    public required ISqlDatabase Keeper { get; init; }

    /// <summary>The rows, on these connections.</summary>
    public required IRowStore KeeperRows { get; init; }

    /// <summary>The log in which processes record for each other what they commit.</summary>
    public required IChangeLog Changes { get; init; }

    /// <summary>Knows whether other processes listen to it; null if each transaction checks by itself.</summary>
    public SqlAudience? Audience { get; init; }

    /// <summary>See <see cref="SqlOwners"/>.</summary>
    public required string Orphans { get; init; }

    /// <summary>Finds and deletes workflows that ended long ago.</summary>
    public required SqlExpired Expired { get; init; }

    /// <summary>Opens a connection for the lease only, see <see cref="LeaseConnection"/>.</summary>
    public Func<DbConnection>? OpenForLease { get; init; }

    /// <summary>A clock to use instead of the database's; null for the database's own.</summary>
    public TimeProvider? Clock { get; init; }
}
