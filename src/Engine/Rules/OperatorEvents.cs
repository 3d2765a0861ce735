namespace GopherFlow.Rules;

/// <summary>An action of a person, or of a program on behalf of a person, on a workflow.</summary>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public abstract record OperatorEvent(string Actor) : WorkflowEvent;

/// <summary>
/// The workflow ends as CANCELLED, or goes to the clean-up state of its definition. A running step is dropped. A workflow that is already
/// cleaning up ends immediately.
/// </summary>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Cancelled(string Actor) : OperatorEvent(Actor)
{
    /// <summary>The clean-up state, or null.</summary>
    public TargetState? CleansUpIn { get; init; }
}

/// <summary>The workflow is paused until it is resumed. A running step ends first. Wakes are kept.</summary>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Paused(string Actor) : OperatorEvent(Actor);

/// <summary>A paused workflow continues in its current state.</summary>
/// <param name="Current">The current state of the workflow.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Resumed(TargetState Current, string Actor) : OperatorEvent(Actor);

/// <summary>A workflow that has failed or waits for its next attempt is retried immediately.</summary>
/// <param name="Current">The current state of the workflow.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Retried(TargetState Current, string Actor) : OperatorEvent(Actor);

/// <summary>The workflow continues from a state of its version, whatever its current status.</summary>
/// <param name="Target">The state, which must have a function.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record RunAgain(TargetState Target, string Actor) : OperatorEvent(Actor)
{
    /// <summary>Variables to change with it.</summary>
    public VariableChanges Variables { get; init; } = VariableChanges.None;

    /// <inheritdoc/>
    public override bool ReadsVariables => Variables.Items.Count > 0;
}

/// <summary>A person moves the workflow to a state, whatever it is doing.</summary>
/// <param name="Target">The state; the caller has checked that the definition has it.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record StateChanged(TargetState Target, string Actor) : OperatorEvent(Actor)
{
    /// <summary>When the state is due, if it has a function; null for now.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>If not empty, the workflow is moved only if it is in one of these states.</summary>
    public IReadOnlyList<string> FromStates { get; init; } = [];

    /// <summary>The workflow is not moved out of these states: Manual states that do not declare the target.</summary>
    public IReadOnlyList<string> NotFromStates { get; init; } = [];

    /// <summary>
    /// The states that declare the target. A clean-up continues after a move from one of them, or to the same state; any other move ends
    /// it.
    /// </summary>
    internal IReadOnlyList<string> DeclaredBy { get; init; } = [];

    /// <summary>Whether the move was forced, because the definition does not declare it. Recorded in the history.</summary>
    public bool IsForced { get; init; }

    /// <summary>Variables to change with it.</summary>
    public VariableChanges Variables { get; init; } = VariableChanges.None;

    /// <inheritdoc/>
    public override bool ReadsVariables => Variables.Items.Count > 0;
}

/// <summary>A person sets or removes variables. A running step is dropped and runs again with the new values.</summary>
/// <param name="Changes">The changes, which take effect together.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record VariablesChanged(VariableChanges Changes, string Actor) : OperatorEvent(Actor)
{
    /// <inheritdoc/>
    public override bool ReadsVariables => true;
}

/// <summary>An unfinished workflow gets another priority or executor group. A running step is not affected.</summary>
/// <param name="Priority">The new priority, or null to keep the current one.</param>
/// <param name="ExecutorGroup">The new executor group, or null to keep the current one.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Placed(int? Priority, string? ExecutorGroup, string Actor) : OperatorEvent(Actor);

/// <summary>A signal is sent to an unfinished workflow. It is kept until a step takes it.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Actor">Who sends it.</param>
public sealed record Signalled(NewSignal Signal, string Actor) : OperatorEvent(Actor)
{
    /// <summary>The maximum number of signals to keep for one workflow. Default: no limit.</summary>
    public int KeptLimit { get; init; } = int.MaxValue;
}

/// <summary>A signal to send.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">If not null, the signal is dropped when the workflow has already received one with the same key.</param>
/// <param name="Payload">Its payload, as JSON text.</param>
public sealed record NewSignal(string Name, string? Key, string Payload);

/// <summary>A final workflow is deleted with its history.</summary>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record Deleted(string Actor) : OperatorEvent(Actor);

/// <summary>An unfinished workflow is moved to another version of its definition.</summary>
/// <param name="FromVersion">The version on which it must be.</param>
/// <param name="ToVersion">The new version. The caller has checked that it exists.</param>
/// <param name="States">Maps states to states of the new version. A workflow in another state is not moved. No target is final.</param>
/// <param name="Actor">Who acts, as recorded in the history.</param>
public sealed record VersionMoved(
    string FromVersion,
    string ToVersion,
    IReadOnlyDictionary<string, TargetState> States,
    string Actor
) : OperatorEvent(Actor);
