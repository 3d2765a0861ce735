using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>What a state is for. The names are the Go system's.</summary>
public enum StateType
{
    /// <summary>Where a workflow starts; has a function.</summary>
    Start,

    /// <summary>An ordinary state; has a function.</summary>
    Normal,

    /// <summary>Waits for a person to move the workflow.</summary>
    Manual,

    /// <summary>Final, and means failure: the workflow gets status ERROR.</summary>
    Error,

    /// <summary>Final, and means success: the workflow gets status FINISHED.</summary>
    End,
}

/// <summary>One state of a definition.</summary>
/// <param name="Name">Unique in its definition.</param>
/// <param name="Type">What it is for.</param>
/// <param name="GoesTo">The states that may follow.</param>
/// <param name="Function">What runs; null for Manual, Error and End states, and for definitions that are only shown.</param>
/// <param name="Retry">A policy of its own; null means the workflow's.</param>
/// <param name="Timeout">How long one attempt may take; null means the engine's default.</param>
public sealed record StateDefinition(
    string Name,
    StateType Type,
    IReadOnlyList<string> GoesTo,
    StateFunction? Function = null,
    RetryPolicy? Retry = null,
    TimeSpan? Timeout = null
)
{
    /// <summary>The signal that it waits for before its function runs, however the workflow came there; null for none.</summary>
    public SignalContract? Signal { get; init; }

    /// <summary>How many workflows may run it at once, or begin it within a span. Default: any number.</summary>
    public IReadOnlyList<WorkflowLimit> Limits { get; init; } = [];

    /// <summary>The state that undoes it when the workflow compensates; null when nothing does.</summary>
    public string? CompensatedBy { get; init; }

    /// <summary>Its targets were to be read from the code of its function, which computes the name of one.</summary>
    internal bool HasUnreadTargets { get; init; }

    /// <summary>The limits of its definition, which hold besides.</summary>
    public IReadOnlyList<WorkflowLimit> LimitsOfType { get; internal init; } = [];

    /// <summary>What a workflow that comes here needs to know of the limits; null when there are none.</summary>
    public StateLimit? Limit => Runs ? StateLimit.Of(Limits, LimitsOfType) : null;

    /// <summary>True for the types whose function the engine runs: Start and Normal.</summary>
    public bool Runs => Type is StateType.Start or StateType.Normal;

    /// <summary>True for End and Error.</summary>
    public bool IsFinal => Type is StateType.End or StateType.Error;

    /// <summary>The status of a workflow that has arrived in this state and rests there; EXECUTING for one that runs.</summary>
    public WorkflowStatus StatusOnArrival =>
        Type switch
        {
            StateType.End => WorkflowStatus.Finished,
            StateType.Error => WorkflowStatus.Error,
            StateType.Manual => WorkflowStatus.Waiting,
            _ => WorkflowStatus.Executing,
        };
}

/// <summary>A signal that a state waits for, and the type that its payload has to fit.</summary>
/// <param name="Name">The name of the signal.</param>
/// <param name="Payload">The type; null where only the name is known.</param>
public sealed record SignalContract(string Name, DataContract? Payload = null);
