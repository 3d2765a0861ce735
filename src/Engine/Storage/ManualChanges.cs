using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>A workflow to move to a state by hand.</summary>
public sealed record StateChange
{
    /// <summary>The workflow.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>The state to go to; the caller has checked that the definition has it.</summary>
    public required string State { get; init; }

    /// <summary>The status that goes with it: IN_PROGRESS for a state that runs, the resting or final status for another.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>When a state that runs is due.</summary>
    public DateTimeOffset? NextActivation
    {
        get;
        init => field = value.AsStored();
    }

    /// <summary>When not empty: the workflow is only moved if its state is one of these.</summary>
    public IReadOnlyList<string> FromStates { get; init; } = [];

    /// <summary>A variable to set with it, or null.</summary>
    public VariableValue? Variable { get; init; }

    /// <summary>Who asks for it; entered in the history.</summary>
    public required string Actor { get; init; }

    /// <summary>The instant of the change.</summary>
    public required DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    }
}

/// <summary>A variable and its new value.</summary>
/// <param name="Key">Its name.</param>
/// <param name="JsonValue">Its value, as JSON text.</param>
public sealed record VariableValue(string Key, string JsonValue);

/// <summary>A variable to set by hand.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="Variable">The variable.</param>
/// <param name="Actor">Who asks for it; entered in the history.</param>
/// <param name="Now">The instant of the change.</param>
public sealed record VariableChange(long WorkflowId, VariableValue Variable, string Actor, DateTimeOffset Now)
{
    /// <summary>The instant of the change.</summary>
    public DateTimeOffset Now
    {
        get;
        init => field = value.AsStored();
    } = Now.AsStored();
}

/// <summary>What became of a change by hand.</summary>
public enum ManualChangeVerdict
{
    /// <summary>It is written.</summary>
    Changed,

    /// <summary>There is no such workflow.</summary>
    NotFound,

    /// <summary>The workflow is in none of the states from which it was to be moved.</summary>
    WrongState,
}

/// <summary>What became of a change by hand.</summary>
/// <param name="Verdict">Written, or why not.</param>
/// <param name="CurrentState">The state that the workflow was in, if there is one.</param>
/// <param name="Changes">Every workflow that is different now.</param>
public sealed record ManualChangeResult(
    ManualChangeVerdict Verdict,
    string? CurrentState,
    IReadOnlyList<WorkflowChange> Changes
)
{
    /// <summary>There is no such workflow.</summary>
    internal static ManualChangeResult NotFound { get; } = new(ManualChangeVerdict.NotFound, null, []);
}
