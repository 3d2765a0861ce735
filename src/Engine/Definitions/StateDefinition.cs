using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>The type of a state. The names are those of the Go system.</summary>
public enum StateType
{
    /// <summary>The state in which a workflow starts. It has a function.</summary>
    Start,

    /// <summary>An ordinary state. It has a function.</summary>
    Normal,

    /// <summary>A state in which the workflow waits until a person moves it.</summary>
    Manual,

    /// <summary>A final state that means failure. The workflow gets the status ERROR.</summary>
    Error,

    /// <summary>A final state that means success. The workflow gets the status FINISHED.</summary>
    End,
}

/// <summary>One state of a definition.</summary>
/// <param name="Name">The name of the state, unique in its definition.</param>
/// <param name="Type">The type of the state.</param>
/// <param name="GoesTo">The states that may follow.</param>
/// <param name="Function">The function to run; null for Manual, Error and End states, and for definitions that are only displayed.</param>
/// <param name="Retry">The retry policy of the state; null for the workflow's.</param>
/// <param name="Timeout">How long one attempt may take; null for the engine's default.</param>
public sealed record StateDefinition(
    string Name,
    StateType Type,
    IReadOnlyList<string> GoesTo,
    StateFunction? Function = null,
    RetryPolicy? Retry = null,
    TimeSpan? Timeout = null
)
{
    /// <summary>The signal that the state waits for before its function runs, however the workflow came there; null for none.</summary>
    public SignalContract? Signal { get; init; }

    /// <summary>Limits how many workflows may run the state at the same time, or start it within a period. Default: no limits.</summary>
    public IReadOnlyList<WorkflowLimit> Limits { get; init; } = [];

    /// <summary>The state that undoes this one when the workflow compensates, or null.</summary>
    public string? CompensatedBy { get; init; }

    /// <summary>Whether its targets could not be read from the code of its function, because the code computes the name of one.</summary>
    internal bool HasUnreadTargets { get; init; }

    /// <summary>The limits of its definition, which apply in addition.</summary>
    public IReadOnlyList<WorkflowLimit> LimitsOfType { get; internal init; } = [];

    /// <summary>A summary of the limits that apply to a workflow in this state, or null if there are none.</summary>
    public StateLimit? Limit => Runs ? StateLimit.Of(Limits, LimitsOfType) : null;

    /// <summary>Whether the engine runs a function in this state: true for Start and Normal.</summary>
    public bool Runs => Type is StateType.Start or StateType.Normal;

    /// <summary>Whether the state ends the workflow: true for End and Error.</summary>
    public bool IsFinal => Type is StateType.End or StateType.Error;

    /// <summary>The status of a workflow that has arrived in this state; EXECUTING if the state runs a function.</summary>
    public WorkflowStatus StatusOnArrival =>
        Type switch
        {
            StateType.End => WorkflowStatus.Finished,
            StateType.Error => WorkflowStatus.Error,
            StateType.Manual => WorkflowStatus.Waiting,
            _ => WorkflowStatus.Executing,
        };
}

/// <summary>A signal that a state waits for, and the type of its payload.</summary>
/// <param name="Name">The name of the signal.</param>
/// <param name="Payload">The type of the payload; null where only the name is known.</param>
public sealed record SignalContract(string Name, DataContract? Payload = null);
