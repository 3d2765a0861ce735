using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>Something that happens to a workflow. What it does to the workflow is decided by <see cref="WorkflowRule"/> alone.</summary>
public abstract record WorkflowEvent
{
    private protected WorkflowEvent() { }

    /// <summary>Whether the rule has to see the variables of the workflow.</summary>
    public virtual bool ReadsVariables => false;

    /// <summary>The webhooks of the definition, called if this is an end. Default: none.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];
}

/// <summary>A state as the rule needs to know it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StatusOnArrival">EXECUTING for one that runs; else the status of a workflow that rests or ends there.</param>
public sealed record TargetState(string Name, WorkflowStatus StatusOnArrival)
{
    /// <summary>Whether it has a function.</summary>
    public bool Runs => StatusOnArrival == WorkflowStatus.Executing;

    /// <summary>What limits hold for it; null for none.</summary>
    public StateLimit? Limit { get; init; }
}

/// <summary>A signal that a step takes with its commit.</summary>
/// <param name="Id">The store's id of the signal.</param>
/// <param name="Name">Its name.</param>
public sealed record TakenSignal(long Id, string Name);

/// <summary>An executor takes a due workflow.</summary>
/// <param name="ExecutorId">Which.</param>
public sealed record Claimed(long ExecutorId) : WorkflowEvent
{
    /// <summary>Whether a permit comes with it. Default: false; then one that needs a permit is refused.</summary>
    public bool WithPermit { get; init; }

    /// <inheritdoc/>
    public override bool ReadsVariables => true;
}

/// <summary>Something that only the holder of the lease may do.</summary>
/// <param name="Lease">The lease under which the workflow is held.</param>
public abstract record HolderEvent(long Lease) : WorkflowEvent;

/// <summary>The executor gives a claim back; the workflow is due at once.</summary>
/// <param name="Lease">The lease of the claim.</param>
public sealed record HandedBack(long Lease) : HolderEvent(Lease);

/// <summary>One attempt of a state has ended. It counts once: an attempt that was committed before is fenced out.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
public abstract record AttemptEnded(long Lease, int ExecutionCount) : HolderEvent(Lease)
{
    /// <summary>How long the state function ran, or null when none did.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>The function said where to go.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">Where to go.</param>
public sealed record StepSucceeded(long Lease, int ExecutionCount, TargetState Target)
    : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>When the target runs.</summary>
    public Activation Activation { get; init; }

    /// <summary>A line for the history, or null.</summary>
    public string? LogText { get; init; }

    /// <summary>The new variables, or null when they are unchanged.</summary>
    public string? StateVars { get; init; }

    /// <summary>What the history is to say of the changed variables: the JSON text of a <see cref="VariableTrace"/>, or null.</summary>
    public string? Changes { get; init; }

    /// <summary>Whether the history before it is closed, and the workflow continues with <see cref="StateVars"/> alone.</summary>
    public bool ContinuesAnew { get; init; }

    /// <summary>What the workflow gives as its result, as JSON text; only with a target that ends it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the parent becomes due.</summary>
    public bool WakesParent { get; init; }

    /// <summary>The key under which limits count the workflow from now on, or null to leave it.</summary>
    public string? LimitKey { get; init; }

    /// <summary>The signals that are waited for, or null.</summary>
    public SignalNames? AwaitedSignals { get; init; }

    /// <summary>Where to go when what is waited for has not come by then, or null.</summary>
    public Deadline? Deadline { get; init; }

    /// <summary>The signal that the function has received, or null.</summary>
    public TakenSignal? TakenSignal { get; init; }

    /// <summary>Children to create.</summary>
    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];
}

/// <summary>The function failed, took too long, or its outcome could not be written.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Retry">The policy of the state.</param>
/// <param name="Random">A number from 0 up to 1 that draws the jitter of the delay.</param>
public sealed record StepFailed(long Lease, int ExecutionCount, StepError Error, RetryPolicy Retry, double Random)
    : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>Whether another attempt may succeed. Default: true.</summary>
    public bool IsRetryable { get; init; } = true;

    /// <summary>Where the workflow goes when it is not tried again; null when it is FAILED then.</summary>
    public TargetState? Otherwise { get; init; }
}

/// <summary>The function asked for what its definition does not allow, or the definition lacks the state.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The fault.</param>
public sealed record StepRejected(long Lease, int ExecutionCount, StepError Error)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>The engine does not run the state again, whatever its policy says.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">Why.</param>
public sealed record StepGivenUp(long Lease, int ExecutionCount, StepError Error) : AttemptEnded(Lease, ExecutionCount);

/// <summary>A workflow that was parked before a state without a function has come to it.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">The state.</param>
public sealed record Arrived(long Lease, int ExecutionCount, TargetState Target) : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>The signal that it was waiting for, or null.</summary>
    public TakenSignal? TakenSignal { get; init; }
}

/// <summary>
/// The instant has come by which a workflow was to go elsewhere. If what it waited for has come meanwhile, it continues as it would have.
/// </summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">The state to go to.</param>
public sealed record DeadlinePassed(long Lease, int ExecutionCount, TargetState Target)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>The state could not be run for a reason that is not its own, such as code that cannot be loaded; it costs no retry.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The reason.</param>
/// <param name="Delay">After how long it is due again.</param>
public sealed record Deferred(long Lease, int ExecutionCount, StepError Error, TimeSpan Delay)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>The owner is dead; the workflow is taken from it and is due at once.</summary>
/// <param name="Owner">The executor that held it.</param>
public sealed record TakenOver(long Owner) : WorkflowEvent;

/// <summary>A child has reached a final status.</summary>
public sealed record ChildEnded : WorkflowEvent;

/// <summary>A child that was final is so no more: it was moved by hand.</summary>
public sealed record ChildReopened : WorkflowEvent;

/// <summary>A child wakes its parent.</summary>
/// <param name="ChildId">The child.</param>
/// <param name="ChildState">Its state.</param>
public sealed record ChildWoke(long ChildId, string ChildState) : WorkflowEvent;
