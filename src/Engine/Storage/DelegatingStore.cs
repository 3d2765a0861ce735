using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Forwards every call to another store. A store that watches, delays or changes some calls derives from it.</summary>
/// <param name="inner">The store that does the work.</param>
public abstract class DelegatingStore(IWorkflowStore inner) : IWorkflowStore
{
    /// <summary>The store that does the work.</summary>
    protected IWorkflowStore Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual int ConcurrentWrites => Inner.ConcurrentWrites;

    /// <inheritdoc/>
    public virtual Task InitializeAsync(CancellationToken cancellation) => Inner.InitializeAsync(cancellation);

    /// <inheritdoc/>
    public virtual Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        Inner.WriteAsync(batch, cancellation);

    /// <inheritdoc/>
    public virtual Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Inner.ClaimAsync(request, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        Inner.OwnedAsync(executorId, cancellation);

    /// <inheritdoc/>
    public virtual Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        Inner.RepairAsync(request, cancellation);

    /// <inheritdoc/>
    public virtual Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => Inner.RegisterExecutorAsync(registration, cancellation);

    /// <inheritdoc/>
    public virtual Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        Inner.HeartbeatAsync(heartbeat, cancellation);

    /// <inheritdoc/>
    public virtual Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        Inner.DeregisterExecutorAsync(executorId, cancellation);

    /// <inheritdoc/>
    public virtual Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => Inner.SaveDefinitionsAsync(definitions, now, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        Inner.UnfinishedAsync(search, cancellation);

    /// <inheritdoc/>
    public virtual Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        Inner.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public virtual Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        Inner.FindByExternalIdAsync(externalId, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<WorkflowRecord>> SearchAsync(
        WorkflowSearch search,
        CancellationToken cancellation
    ) => Inner.SearchAsync(search, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(
        long parentWorkflowId,
        CancellationToken cancellation
    ) => Inner.ChildrenAsync(parentWorkflowId, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ActionRecord>> ActionsAsync(
        ActionSearch search,
        CancellationToken cancellation
    ) => Inner.ActionsAsync(search, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        Inner.DefinitionsAsync(cancellation);

    /// <inheritdoc/>
    public virtual Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        Inner.FindDefinitionAsync(name, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(
        string name,
        CancellationToken cancellation
    ) => Inner.DefinitionVersionsAsync(name, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        Inner.ExecutorsAsync(limit, cancellation);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        Inner.CountsAsync(cancellation);

    /// <inheritdoc/>
    public virtual Task RebuildCountsAsync(CancellationToken cancellation) => Inner.RebuildCountsAsync(cancellation);

    /// <inheritdoc/>
    public virtual Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        Inner.ListenAsync(told, cancellation);

    /// <inheritdoc/>
    public virtual bool IsTransient(Exception exception) => Inner.IsTransient(exception);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }
}
