namespace GopherFlow.Rules;

/// <summary>Something that a person, or a program on behalf of one, does to a workflow.</summary>
/// <param name="Actor">Who; entered in the history.</param>
public abstract record OperatorEvent(string Actor) : WorkflowEvent;

/// <summary>
/// The workflow ends as CANCELLED, or goes to the state that its definition has for cleaning up. A step that runs is dropped. One that
/// cleans up already ends at once.
/// </summary>
/// <param name="Actor">Who.</param>
public sealed record Cancelled(string Actor) : OperatorEvent(Actor)
{
    /// <summary>The state that cleans up, or null.</summary>
    public TargetState? CleansUpIn { get; init; }

    /// <summary>Further states in which a workflow cleans up: nothing else leads to them.</summary>
    internal IReadOnlyList<string> CleanUpStates { get; init; } = [];
}

/// <summary>The workflow rests until it is resumed. A step that runs ends first; wakes are kept.</summary>
/// <param name="Actor">Who.</param>
public sealed record Paused(string Actor) : OperatorEvent(Actor);

/// <summary>A paused workflow continues where it was.</summary>
/// <param name="Current">The state that it is in.</param>
/// <param name="Actor">Who.</param>
public sealed record Resumed(TargetState Current, string Actor) : OperatorEvent(Actor);

/// <summary>The next attempt is made now: of a workflow that has failed, or that waits for its next attempt.</summary>
/// <param name="Current">The state that it is in.</param>
/// <param name="Actor">Who.</param>
public sealed record Retried(TargetState Current, string Actor) : OperatorEvent(Actor);

/// <summary>The workflow continues from a state of its version, whatever it is doing, or has ended as.</summary>
/// <param name="Target">The state, one that runs.</param>
/// <param name="Actor">Who.</param>
public sealed record RunAgain(TargetState Target, string Actor) : OperatorEvent(Actor)
{
    /// <summary>Variables to change with it.</summary>
    public VariableChanges Variables { get; init; } = VariableChanges.None;

    /// <inheritdoc/>
    public override bool ReadsVariables => Variables.Items.Count > 0;
}

/// <summary>A person moves the workflow to a state, whatever it is doing.</summary>
/// <param name="Target">The state; the caller has checked that the definition has it.</param>
/// <param name="Actor">Who.</param>
public sealed record StateChanged(TargetState Target, string Actor) : OperatorEvent(Actor)
{
    /// <summary>When a state that runs is due, or null for at once.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When not empty: the workflow is only moved if its state is one of these.</summary>
    public IReadOnlyList<string> FromStates { get; init; } = [];

    /// <summary>The workflow is not moved out of these states: they wait for a person, and do not declare the target.</summary>
    public IReadOnlyList<string> NotFromStates { get; init; } = [];

    /// <summary>Whether the move was forced although the definition does not declare it; the history says so.</summary>
    public bool IsForced { get; init; }

    /// <summary>Variables to change with it.</summary>
    public VariableChanges Variables { get; init; } = VariableChanges.None;

    /// <inheritdoc/>
    public override bool ReadsVariables => Variables.Items.Count > 0;
}

/// <summary>A person sets or removes variables. A step that runs is dropped and runs again with the new values.</summary>
/// <param name="Changes">The changes: all of them or none.</param>
/// <param name="Actor">Who.</param>
public sealed record VariablesChanged(VariableChanges Changes, string Actor) : OperatorEvent(Actor)
{
    /// <inheritdoc/>
    public override bool ReadsVariables => true;
}

/// <summary>An unfinished workflow gets another priority or executor group. A running step is not disturbed.</summary>
/// <param name="Priority">The priority, or null to leave it.</param>
/// <param name="ExecutorGroup">The group, or null to leave it.</param>
/// <param name="Actor">Who.</param>
public sealed record Placed(int? Priority, string? ExecutorGroup, string Actor) : OperatorEvent(Actor);

/// <summary>A signal is sent to an unfinished workflow. It is kept until a step takes it.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Actor">Who sends it.</param>
public sealed record Signalled(NewSignal Signal, string Actor) : OperatorEvent(Actor)
{
    /// <summary>The most signals that are kept for one workflow. Default: no limit.</summary>
    public int KeptLimit { get; init; } = int.MaxValue;
}

/// <summary>A signal to send.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">When not null: a signal with a key that the workflow has received before is dropped.</param>
/// <param name="Payload">Its payload, as JSON text.</param>
public sealed record NewSignal(string Name, string? Key, string Payload);

/// <summary>A workflow that is final is deleted with its history.</summary>
/// <param name="Actor">Who.</param>
public sealed record Deleted(string Actor) : OperatorEvent(Actor);

/// <summary>An unfinished workflow is taken to another version of its definition.</summary>
/// <param name="FromVersion">The version that it must be on.</param>
/// <param name="ToVersion">The version that it goes to; the caller has checked that it exists.</param>
/// <param name="States">Where each state leads; a workflow in a state that is not among them stays. No target is final.</param>
/// <param name="Actor">Who.</param>
public sealed record VersionMoved(
    string FromVersion,
    string ToVersion,
    IReadOnlyDictionary<string, TargetState> States,
    string Actor
) : OperatorEvent(Actor);
