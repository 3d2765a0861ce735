using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>A stored workflow.</summary>
public sealed record WorkflowRecord
{
    /// <summary>The id, assigned by the store.</summary>
    public required long Id { get; init; }

    /// <summary>The unique id that the caller chose.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of the definition on which it started.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about, such as an order number.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>The executor group that runs it.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>The priority, from 1 (first) to 9 (last).</summary>
    public required int Priority { get; init; }

    /// <summary>Its status.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Its current state.</summary>
    public required string State { get; init; }

    /// <summary>How many transitions it has made. Together with the external id, this is the step key.</summary>
    public required int Step { get; init; }

    /// <summary>How many attempts of the current state have failed since it was reached.</summary>
    public required int RetryCount { get; init; }

    /// <summary>The total number of attempts, successful or not.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>Incremented by each change of ownership.</summary>
    public required long Lease { get; init; }

    /// <summary>The executor that owns it, or null.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Incremented by each write. A plan made from an older revision is discarded and made again.</summary>
    public required long Revision { get; init; }

    /// <summary>When it is due; null while it is owned, or if it waits for something else.</summary>
    public required DateTimeOffset? NextActivation { get; init; }

    /// <summary>When its first step was committed.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>When it reached a final status.</summary>
    public required DateTimeOffset? Finished { get; init; }

    /// <summary>The id of the workflow that created it, or null.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>The trace in which it was created, as a W3C <c>traceparent</c>; null without tracing.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether a step has been committed. Before that, its variables are those with which it was created.</summary>
    public bool HasBegun { get; init; }

    /// <summary>
    /// Whether it is cleaning up after a cancel. It does so until it reaches a final state, continues anew, or is moved by hand to another
    /// state that its current state does not declare. If it fails during the clean-up, a retry continues the clean-up.
    /// </summary>
    public bool IsCleaningUp { get; init; }

    /// <summary>How many of its children are unfinished.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>Whether it is parked until <see cref="OpenChildren"/> is 0.</summary>
    public required bool AwaitsChildren { get; init; }

    /// <summary>Whether it has been woken but not become due yet.</summary>
    public required bool Woken { get; init; }

    /// <summary>Whether it becomes PAUSED as soon as the running step has ended.</summary>
    public bool PauseRequested { get; init; }

    /// <summary>When it would be due if it were not paused; null if it does not wait for an instant.</summary>
    public DateTimeOffset? HeldActivation { get; init; }

    /// <summary>The signals that it waits for, or null.</summary>
    public SignalNames? AwaitedSignals { get; init; }

    /// <summary>The names of the signals that no step has taken yet, oldest first; null if there are none.</summary>
    public SignalNames? KeptSignals { get; init; }

    /// <summary>The state to which it goes if its next activation comes before its wait ends; null without a deadline.</summary>
    public string? DeadlineState { get; init; }

    /// <summary>Whether it needs a permit for its next run.</summary>
    public Permit Permit { get; init; }

    /// <summary>The key under which limits count it; empty until a key is set or needed.</summary>
    public string LimitKey { get; init; } = "";

    /// <summary>The error of its last failed attempt; null again once a state has succeeded.</summary>
    public string? LastError { get; init; }

    /// <summary>Its result, as JSON text; null if it is unfinished or has none.</summary>
    public string? Output { get; init; }

    /// <summary>Its variables, as the text of a JSON object.</summary>
    public required string StateVars { get; init; }
}
