using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>
/// A real store whose calls a test can hold up, break, or lose the answer of. Whatever is not intercepted goes straight through.
/// </summary>
public sealed class InterceptedStore(IWorkflowStore inner) : IWorkflowStore
{
    /// <summary>Stands around every write of the committer.</summary>
    public Func<WriteBatch, Func<Task<WriteResult>>, Task<WriteResult>>? Write { get; set; }

    /// <summary>Stands around every claim.</summary>
    public Func<ClaimRequest, Func<Task<ClaimResult>>, Task<ClaimResult>>? Claim { get; set; }

    /// <summary>Stands around every heartbeat.</summary>
    public Func<ExecutorHeartbeat, Func<Task<HeartbeatAnswer>>, Task<HeartbeatAnswer>>? Heartbeat { get; set; }

    /// <summary>Stands around the opening of the store.</summary>
    public Func<Func<Task>, Task>? Initialize { get; set; }

    /// <summary>Stands around every entry of an executor.</summary>
    public Func<Func<Task<ExecutorEntry>>, Task<ExecutorEntry>>? Register { get; set; }

    /// <summary>Stands around every question for the claims of an executor.</summary>
    public Func<Func<Task<IReadOnlyList<ClaimKey>>>, Task<IReadOnlyList<ClaimKey>>>? Owned { get; set; }

    /// <summary>Which exceptions count as passing.</summary>
    public Func<Exception, bool>? Transient { get; set; }

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) =>
        Initialize is { } around
            ? around(() => inner.InitializeAsync(cancellation))
            : inner.InitializeAsync(cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        Write is { } around
            ? around(batch, () => inner.WriteAsync(batch, cancellation))
            : inner.WriteAsync(batch, cancellation);

    /// <inheritdoc/>
    public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Claim is { } around
            ? around(request, () => inner.ClaimAsync(request, cancellation))
            : inner.ClaimAsync(request, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) =>
        inner.ReleaseAsync(request, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        Owned is { } around
            ? around(() => inner.OwnedAsync(executorId, cancellation))
            : inner.OwnedAsync(executorId, cancellation);

    /// <inheritdoc/>
    public Task<RepairResult> RepairAsync(RepairRequest request, CancellationToken cancellation) =>
        inner.RepairAsync(request, cancellation);

    /// <inheritdoc/>
    public Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) =>
        Register is { } around
            ? around(() => inner.RegisterExecutorAsync(registration, cancellation))
            : inner.RegisterExecutorAsync(registration, cancellation);

    /// <inheritdoc/>
    public Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        Heartbeat is { } around
            ? around(heartbeat, () => inner.HeartbeatAsync(heartbeat, cancellation))
            : inner.HeartbeatAsync(heartbeat, cancellation);

    /// <inheritdoc/>
    public Task DeregisterExecutorAsync(long executorId, CancellationToken cancellation) =>
        inner.DeregisterExecutorAsync(executorId, cancellation);

    /// <inheritdoc/>
    public Task SaveDefinitionsAsync(
        IReadOnlyList<DefinitionRecord> definitions,
        DateTimeOffset now,
        CancellationToken cancellation
    ) => inner.SaveDefinitionsAsync(definitions, now, cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> ChangeStateAsync(StateChange change, CancellationToken cancellation) =>
        inner.ChangeStateAsync(change, cancellation);

    /// <inheritdoc/>
    public Task<ManualChangeResult> SetVariableAsync(VariableChange change, CancellationToken cancellation) =>
        inner.SetVariableAsync(change, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowChange>> MoveVersionAsync(VersionMove move, CancellationToken cancellation) =>
        inner.MoveVersionAsync(move, cancellation);

    /// <inheritdoc/>
    public Task<DefinitionRecord?> FindDefinitionAsync(string name, CancellationToken cancellation) =>
        inner.FindDefinitionAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionVersionsAsync(string name, CancellationToken cancellation) =>
        inner.DefinitionVersionsAsync(name, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindAsync(long id, CancellationToken cancellation) =>
        inner.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<WorkflowRecord?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        inner.FindByExternalIdAsync(externalId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> SearchAsync(WorkflowSearch search, CancellationToken cancellation) =>
        inner.SearchAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowRecord>> ChildrenAsync(long parentWorkflowId, CancellationToken cancellation) =>
        inner.ChildrenAsync(parentWorkflowId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ActionRecord>> ActionsAsync(ActionSearch search, CancellationToken cancellation) =>
        inner.ActionsAsync(search, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DefinitionRecord>> DefinitionsAsync(CancellationToken cancellation) =>
        inner.DefinitionsAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ExecutorsAsync(int limit, CancellationToken cancellation) =>
        inner.ExecutorsAsync(limit, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountsAsync(CancellationToken cancellation) =>
        inner.CountsAsync(cancellation);

    /// <inheritdoc/>
    public int ConcurrentWrites => inner.ConcurrentWrites;

    /// <inheritdoc/>
    public Task ListenAsync(Action<DueHint> told, CancellationToken cancellation) =>
        inner.ListenAsync(told, cancellation);

    /// <inheritdoc/>
    public bool IsTransient(Exception exception) => Transient?.Invoke(exception) ?? inner.IsTransient(exception);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
