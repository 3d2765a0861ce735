using System.Data.Common;
using System.Runtime.CompilerServices;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Forwards every call to another store. Derive from it to observe, delay or change calls. It does not dispose the inner store.
/// </summary>
/// <param name="inner">The store that does the work.</param>
public abstract class DelegatingStore(IWorkflowStore inner) : IWorkflowStore
{
    /// <summary>The store that does the work.</summary>
    protected IWorkflowStore Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual int ConcurrentWrites => Inner.ConcurrentWrites;

    /// <inheritdoc/>
    public virtual SynchronizationContext? WriterContext => Inner.WriterContext;

    /// <inheritdoc/>
    public virtual IChangeLog Changes => Inner.Changes;

    /// <inheritdoc/>
    public virtual Task InitializeAsync(CancellationToken cancellation) =>
        CallAsync(() => DoneAsync(Inner.InitializeAsync(cancellation)), cancellation);

    /// <inheritdoc/>
    public virtual Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        CallAsync(() => Inner.WriteAsync(batch, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<WriteResult> WriteWithinAsync(
        DbTransaction transaction,
        WriteBatch batch,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.WriteWithinAsync(transaction, batch, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        CallAsync(() => Inner.ClaimAsync(request, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<LimitedClaimResult> ClaimLimitedAsync(
        LimitedClaimRequest request,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.ClaimLimitedAsync(request, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        CallAsync(() => Inner.OwnedAsync(executorId, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        CallAsync(() => Inner.RepairAsync(request, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.RegisterExecutorAsync(registration, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        CallAsync(() => Inner.HeartbeatAsync(heartbeat, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        CallAsync(() => DoneAsync(Inner.DeregisterExecutorAsync(executorId, cancellation)), cancellation);

    /// <inheritdoc/>
    public virtual Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => CallAsync(() => DoneAsync(Inner.SaveDefinitionsAsync(definitions, now, cancellation)), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        CallAsync(() => Inner.UnfinishedAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        CallAsync(() => Inner.FindAsync(id, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        CallAsync(() => Inner.FindByExternalIdAsync(externalId, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<SearchResult> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        CallAsync(() => Inner.SearchAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(
        ChildSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.ChildrenAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SignalRecord>> SignalsAsync(
        SignalSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.SignalsAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<SignalRecord?> OldestSignalAsync(
        long workflowId,
        string name,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.OldestSignalAsync(workflowId, name, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<SignalRecord>> TakenSignalsAsync(
        long workflowId,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.TakenSignalsAsync(workflowId, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ActionRecord>> ActionsAsync(
        ActionSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.ActionsAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<HistorySum>> HistorySumsAsync(long workflowId, CancellationToken cancellation) =>
        CallAsync(() => Inner.HistorySumsAsync(workflowId, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<TracedChange>> TracedChangesAsync(
        long workflowId,
        long upTo,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.TracedChangesAsync(workflowId, upTo, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        CallAsync(() => Inner.DefinitionsAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        CallAsync(() => Inner.FindDefinitionAsync(name, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(
        string name,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.DefinitionVersionsAsync(name, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        CallAsync(() => Inner.ExecutorsAsync(limit, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        CallAsync(() => Inner.CountsAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<FirstDue>> FirstDueAsync(
        IReadOnlyList<DefinitionKey> definitions,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.FirstDueAsync(definitions, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<long>> UpcomingAsync(
        IReadOnlyList<DefinitionKey> definitions,
        int limit,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.UpcomingAsync(definitions, limit, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<PermitQueue>> PermitQueuesAsync(
        PermitQueueSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.PermitQueuesAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task RebuildCountsAsync(CancellationToken cancellation) =>
        CallAsync(() => DoneAsync(Inner.RebuildCountsAsync(cancellation)), cancellation);

    /// <inheritdoc/>
    public virtual Task<bool> TakeRoleAsync(RoleClaim claim, CancellationToken cancellation) =>
        CallAsync(() => Inner.TakeRoleAsync(claim, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ExpiredWorkflow>> FindExpiredAsync(
        ExpiredSearch search,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.FindExpiredAsync(search, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<int> DeleteExpiredAsync(
        IReadOnlyList<ExpiredWorkflow> expired,
        CancellationToken cancellation
    ) => CallAsync(() => Inner.DeleteExpiredAsync(expired, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task<Leftovers> DeleteLeftoversAsync(LeftoverLimits limits, CancellationToken cancellation) =>
        CallAsync(() => Inner.DeleteLeftoversAsync(limits, cancellation), cancellation);

    /// <inheritdoc/>
    public virtual Task ListenAsync(StoreNews news, CancellationToken cancellation) =>
        Inner.ListenAsync(news, cancellation);

    /// <inheritdoc/>
    public virtual string? ReasonToPoll => Inner.ReasonToPoll;

    /// <inheritdoc/>
    public virtual bool IsTransient(Exception exception) => Inner.IsTransient(exception);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Makes a call to the inner store. Every call goes through here, except those of <see cref="Changes"/>, and <see cref="ListenAsync"/>,
    /// which runs until it is cancelled.
    /// </summary>
    /// <param name="name">The method that is called.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="cancellation">Cancels the call.</param>
    protected virtual Task<T> CallAsync<T>(string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call();
    }

    private Task<T> CallAsync<T>(
        Func<Task<T>> call,
        CancellationToken cancellation,
        [CallerMemberName] string name = ""
    ) => CallAsync(name, call, cancellation);

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}
