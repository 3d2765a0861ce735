using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>Something that happens to a workflow. Only <see cref="WorkflowRule"/> decides what it does to the workflow.</summary>
public abstract record WorkflowEvent
{
    private protected WorkflowEvent() { }

    /// <summary>Whether the rule needs the variables of the workflow.</summary>
    public virtual bool ReadsVariables => false;

    /// <summary>The webhooks of the definition, which are called if the event ends the workflow. Default: none.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];
}

/// <summary>A state in the form that the rule uses.</summary>
/// <param name="Name">The name of the state.</param>
/// <param name="StatusOnArrival">
/// EXECUTING if the state has a function, otherwise the status of a workflow that waits or ends in it.
/// </param>
public sealed record TargetState(string Name, WorkflowStatus StatusOnArrival)
{
    /// <summary>Whether the state has a function.</summary>
    public bool Runs => StatusOnArrival == WorkflowStatus.Executing;

    /// <summary>The limits that apply to the state; null for none.</summary>
    public StateLimit? Limit { get; init; }
}

/// <summary>A signal that the commit of a step takes.</summary>
/// <param name="Id">The id of the signal, assigned by the store.</param>
/// <param name="Name">The name of the signal.</param>
public sealed record TakenSignal(long Id, string Name);

/// <summary>An executor claims a due workflow.</summary>
/// <param name="ExecutorId">The id of the executor.</param>
public sealed record Claimed(long ExecutorId) : WorkflowEvent
{
    /// <summary>Whether the claim grants a permit. Default: false, which refuses a workflow that needs a permit.</summary>
    public bool WithPermit { get; init; }

    /// <inheritdoc/>
    public override bool ReadsVariables => true;
}

/// <summary>An event that only the holder of the lease may cause.</summary>
/// <param name="Lease">The lease under which the workflow is owned.</param>
public abstract record HolderEvent(long Lease) : WorkflowEvent;

/// <summary>The executor releases its claim. The workflow is due immediately.</summary>
/// <param name="Lease">The lease of the claim.</param>
public sealed record HandedBack(long Lease) : HolderEvent(Lease);

/// <summary>An attempt of a state has ended. An attempt that has already been committed is fenced out.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
public abstract record AttemptEnded(long Lease, int ExecutionCount) : HolderEvent(Lease)
{
    /// <summary>How long the state function ran, or null if none did.</summary>
    public TimeSpan? Duration { get; init; }
}

/// <summary>The function returned a next state.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">The next state.</param>
public sealed record StepSucceeded(long Lease, int ExecutionCount, TargetState Target)
    : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>When the target runs.</summary>
    public Activation Activation { get; init; }

    /// <summary>A line for the history, or null.</summary>
    public string? LogText { get; init; }

    /// <summary>The new variables, or null if they are unchanged.</summary>
    public string? StateVars { get; init; }

    /// <summary>The changes of variables for the history: the JSON text of a <see cref="VariableTrace"/>, or null.</summary>
    public string? Changes { get; init; }

    /// <summary>Whether the history is closed, and the workflow continues with only <see cref="StateVars"/>.</summary>
    public bool ContinuesAnew { get; init; }

    /// <summary>The result of the workflow, as JSON text; only with a target that ends it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to make the parent due.</summary>
    public bool WakesParent { get; init; }

    /// <summary>The key under which limits count the workflow from now on, or null to leave it unchanged.</summary>
    public string? LimitKey { get; init; }

    /// <summary>The signals to wait for, or null.</summary>
    public SignalNames? AwaitedSignals { get; init; }

    /// <summary>The deadline of the wait, and the state to go to when it has passed; or null.</summary>
    public Deadline? Deadline { get; init; }

    /// <summary>The signal that the function has received, or null.</summary>
    public TakenSignal? TakenSignal { get; init; }

    /// <summary>Children to create.</summary>
    public IReadOnlyList<NewWorkflow> Children { get; init; } = [];
}

/// <summary>The function failed or timed out, or its outcome could not be written.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The error.</param>
/// <param name="Retry">The retry policy that applies.</param>
/// <param name="Random">A random number between 0 and 1 for the jitter of the delay.</param>
public sealed record StepFailed(long Lease, int ExecutionCount, StepError Error, RetryPolicy Retry, double Random)
    : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>Whether the error is retryable. Default: true.</summary>
    public bool IsRetryable { get; init; } = true;

    /// <summary>The state to go to if there is no retry; null to become FAILED.</summary>
    public TargetState? Otherwise { get; init; }
}

/// <summary>The function requested something that its definition does not allow, or the definition does not have the state.</summary>
/// <param name="Lease">The lease under which it ran.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The error.</param>
public sealed record StepRejected(long Lease, int ExecutionCount, StepError Error)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>The engine does not run the state again, regardless of its retry policy.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The reason.</param>
public sealed record StepGivenUp(long Lease, int ExecutionCount, StepError Error) : AttemptEnded(Lease, ExecutionCount);

/// <summary>A workflow that was parked before a state without a function has reached it.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">The state.</param>
public sealed record Arrived(long Lease, int ExecutionCount, TargetState Target) : AttemptEnded(Lease, ExecutionCount)
{
    /// <summary>The signal that it was waiting for, or null.</summary>
    public TakenSignal? TakenSignal { get; init; }
}

/// <summary>
/// The deadline of a wait has passed. If the awaited event has come in the meantime, the workflow continues normally.
/// </summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Target">The state to go to.</param>
public sealed record DeadlinePassed(long Lease, int ExecutionCount, TargetState Target)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>
/// The state could not be run because its definition is not available at the moment, for example because its code cannot be loaded. This
/// uses no retry.
/// </summary>
/// <param name="Lease">The lease.</param>
/// <param name="ExecutionCount">The attempts before it.</param>
/// <param name="Error">The reason.</param>
/// <param name="Delay">The delay until the workflow is due again.</param>
public sealed record Deferred(long Lease, int ExecutionCount, StepError Error, TimeSpan Delay)
    : AttemptEnded(Lease, ExecutionCount);

/// <summary>The workflow is taken over from a dead owner, and is due immediately.</summary>
/// <param name="Owner">The id of the executor that owned it.</param>
public sealed record TakenOver(long Owner) : WorkflowEvent;

/// <summary>A child has reached a final status.</summary>
public sealed record ChildEnded : WorkflowEvent;

/// <summary>A final child was reopened by hand.</summary>
public sealed record ChildReopened : WorkflowEvent;

/// <summary>A child wakes its parent.</summary>
/// <param name="ChildId">The id of the child.</param>
/// <param name="ChildState">The state of the child.</param>
public sealed record ChildWoke(long ChildId, string ChildState) : WorkflowEvent;
