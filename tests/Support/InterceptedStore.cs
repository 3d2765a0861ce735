using GopherFlow.Storage;

namespace GopherFlow.TestSupport;

/// <summary>A real store whose calls a test can delay, fail, or make lose their answers.</summary>
public sealed class InterceptedStore(IWorkflowStore inner) : DelegatingStore(inner)
{
    /// <summary>Intercepts every write.</summary>
    public Func<WriteBatch, Func<Task<WriteResult>>, Task<WriteResult>>? Write { get; set; }

    /// <summary>Intercepts every claim.</summary>
    public Func<ClaimRequest, Func<Task<ClaimResult>>, Task<ClaimResult>>? Claim { get; set; }

    /// <summary>Intercepts every heartbeat.</summary>
    public Func<ExecutorHeartbeat, Func<Task<HeartbeatAnswer>>, Task<HeartbeatAnswer>>? Heartbeat { get; set; }

    /// <summary>Intercepts the initialization of the store.</summary>
    public Func<Func<Task>, Task>? Initialize { get; set; }

    /// <summary>Intercepts every registration of an executor.</summary>
    public Func<Func<Task<ExecutorEntry>>, Task<ExecutorEntry>>? Register { get; set; }

    /// <summary>Intercepts every query of the claims of an executor.</summary>
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
