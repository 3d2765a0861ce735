using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A real store whose calls a test can hold up, break, or lose the answer of.</summary>
public sealed class InterceptedStore(IWorkflowStore inner) : DelegatingStore(inner)
{
    /// <summary>Stands around every write of the committer.</summary>
    public Func<WriteBatch, Func<Task<WriteResult>>, Task<WriteResult>>? Write { get; set; }

    /// <summary>Stands around every claim.</summary>
    public Func<ClaimRequest, Func<Task<ClaimResult>>, Task<ClaimResult>>? Claim { get; set; }

    /// <summary>Stands around every heartbeat.</summary>
    public Func<ExecutorHeartbeat, Func<Task<HeartbeatAnswer>>, Task<HeartbeatAnswer>>? Heartbeat { get; set; }

    /// <summary>Stands around the opening of the store.</summary>
    public Func<Func<Task>, Task>? Initialize { get; set; }

    /// <summary>Stands around every registration of an executor.</summary>
    public Func<Func<Task<ExecutorEntry>>, Task<ExecutorEntry>>? Register { get; set; }

    /// <summary>Stands around every question for the claims of an executor.</summary>
    public Func<Func<Task<IReadOnlyList<ClaimKey>>>, Task<IReadOnlyList<ClaimKey>>>? Owned { get; set; }

    /// <summary>Which exceptions count as transient.</summary>
    public Func<Exception, bool>? Transient { get; set; }

    /// <inheritdoc/>
    public override Task InitializeAsync(CancellationToken cancellation) =>
        Initialize is { } around
            ? around(() => Inner.InitializeAsync(cancellation))
            : Inner.InitializeAsync(cancellation);

    /// <inheritdoc/>
    public override Task<WriteResult> WriteAsync(WriteBatch batch, CancellationToken cancellation) =>
        Write is { } around
            ? around(batch, () => Inner.WriteAsync(batch, cancellation))
            : Inner.WriteAsync(batch, cancellation);

    /// <inheritdoc/>
    public override Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation) =>
        Claim is { } around
            ? around(request, () => Inner.ClaimAsync(request, cancellation))
            : Inner.ClaimAsync(request, cancellation);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<ClaimKey>> OwnedAsync(long executorId, CancellationToken cancellation) =>
        Owned is { } around
            ? around(() => Inner.OwnedAsync(executorId, cancellation))
            : Inner.OwnedAsync(executorId, cancellation);

    /// <inheritdoc/>
    public override Task<ExecutorEntry> RegisterExecutorAsync(
        ExecutorRegistration registration,
        CancellationToken cancellation
    ) =>
        Register is { } around
            ? around(() => Inner.RegisterExecutorAsync(registration, cancellation))
            : Inner.RegisterExecutorAsync(registration, cancellation);

    /// <inheritdoc/>
    public override Task<HeartbeatAnswer> HeartbeatAsync(ExecutorHeartbeat heartbeat, CancellationToken cancellation) =>
        Heartbeat is { } around
            ? around(heartbeat, () => Inner.HeartbeatAsync(heartbeat, cancellation))
            : Inner.HeartbeatAsync(heartbeat, cancellation);

    /// <inheritdoc/>
    public override bool IsTransient(Exception exception) =>
        Transient?.Invoke(exception) ?? Inner.IsTransient(exception);
}
