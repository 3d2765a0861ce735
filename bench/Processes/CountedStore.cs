using GopherFlow.Bench.Costs;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Processes;

/// <summary>A store whose calls are counted, for a database that counts nothing itself: by the port's contract each is one transaction.</summary>
internal sealed class CountedStore(IWorkflowStore inner, ProcessCounters counters) : IWorkflowStore
{
    public int ConcurrentWrites => Uncounted.ConcurrentWrites;

    private IWorkflowStore Uncounted => inner;

    private IWorkflowStore Counted
    {
        get
        {
            counters.CountStoreCall();
            return inner;
        }
    }

    public Task InitializeAsync(CancellationToken cancellation) => Uncounted.InitializeAsync(cancellation);

    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        Counted.WriteAsync(batch, cancellation);

    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Counted.ClaimAsync(request, cancellation);

    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        Counted.OwnedAsync(executorId, cancellation);

    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        Counted.RepairAsync(request, cancellation);

    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) => Counted.RegisterExecutorAsync(registration, cancellation);

    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        Counted.HeartbeatAsync(heartbeat, cancellation);

    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        Counted.DeregisterExecutorAsync(executorId, cancellation);

    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => Counted.SaveDefinitionsAsync(definitions, now, cancellation);

    public Task<IReadOnlyList<long>> UnfinishedAsync(UnfinishedSearch search, CancellationToken cancellation) =>
        Counted.UnfinishedAsync(search, cancellation);

    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        Counted.FindDefinitionAsync(name, cancellation);

    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        Counted.DefinitionVersionsAsync(name, cancellation);

    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        Counted.FindAsync(id, cancellation);

    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        Counted.FindByExternalIdAsync(externalId, cancellation);

    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        Counted.SearchAsync(search, cancellation);

    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        Counted.ChildrenAsync(parentWorkflowId, cancellation);

    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        Counted.ActionsAsync(search, cancellation);

    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        Counted.DefinitionsAsync(cancellation);

    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        Counted.ExecutorsAsync(limit, cancellation);

    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        Counted.CountsAsync(cancellation);

    public Task RebuildCountsAsync(CancellationToken cancellation) => Counted.RebuildCountsAsync(cancellation);

    public Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        Uncounted.ListenAsync(told, cancellation);

    public bool IsTransient(Exception exception) => Uncounted.IsTransient(exception);

    /// <summary>Whoever made the inner store disposes it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
