using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>A workflow as it is stored.</summary>
public sealed record WorkflowRecord
{
    /// <summary>The store's id.</summary>
    public required long Id { get; init; }

    /// <summary>The caller's id, unique.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>The version of the definition on which it started.</summary>
    public required string Version { get; init; }

    /// <summary>What it is about, in the words of the business.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Which executors may run it.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>1 (first) to 9 (last).</summary>
    public required int Priority { get; init; }

    /// <summary>Its status.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Its current state.</summary>
    public required string State { get; init; }

    /// <summary>How many transitions it has made; with the external id it names a step.</summary>
    public required int Step { get; init; }

    /// <summary>Failed attempts of the current state since it was reached.</summary>
    public required int RetryCount { get; init; }

    /// <summary>Attempts in all, successful or not.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>Raised by each change of ownership.</summary>
    public required long Lease { get; init; }

    /// <summary>The executor that owns it, or null.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Raised by each write; a plan that was made from an older revision is made again.</summary>
    public required long Revision { get; init; }

    /// <summary>When it is due; null while it is owned, or waits for something else.</summary>
    public required DateTimeOffset? NextActivation { get; init; }

    /// <summary>When its first step was committed.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>When it reached a final status.</summary>
    public required DateTimeOffset? Finished { get; init; }

    /// <summary>The workflow that created it, or null.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>The trace under which it was created, as a W3C <c>traceparent</c>; null when it was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether a step of it is committed: until then its variables are what it was created with.</summary>
    public bool HasBegun { get; init; }

    /// <summary>How many of its children are not final.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>Whether it is parked until <see cref="OpenChildren"/> is 0.</summary>
    public required bool AwaitsChildren { get; init; }

    /// <summary>Whether a wake came that has not made it due yet.</summary>
    public required bool Woken { get; init; }

    /// <summary>Whether it is to rest, PAUSED, as soon as the step that runs has ended.</summary>
    public bool PauseRequested { get; init; }

    /// <summary>When it would be due if it were not paused; null when it waits for something else than an instant.</summary>
    public DateTimeOffset? HeldActivation { get; init; }

    /// <summary>The signals that it waits for, or null when it waits for none.</summary>
    public SignalNames? AwaitedSignals { get; init; }

    /// <summary>The signals that were sent to it and that no step has taken yet, oldest first; null when there are none.</summary>
    public SignalNames? KeptSignals { get; init; }

    /// <summary>Where it goes when its next activation comes before what it waits for; null when it has no deadline.</summary>
    public string? DeadlineState { get; init; }

    /// <summary>Whether it needs a permit for what it does next.</summary>
    public Permit Permit { get; init; }

    /// <summary>The key under which limits count it; empty until one was given or needed.</summary>
    public string LimitKey { get; init; } = "";

    /// <summary>What its last failed attempt said, until a state succeeds; null when none has failed since.</summary>
    public string? LastError { get; init; }

    /// <summary>What it gave as its result when it ended, as JSON text; null when it is unfinished or gave none.</summary>
    public string? Output { get; init; }

    /// <summary>Its variables, as the text of a JSON object.</summary>
    public required string StateVars { get; init; }
}
