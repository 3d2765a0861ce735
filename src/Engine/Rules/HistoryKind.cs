namespace GopherFlow.Rules;

/// <summary>What an entry of a workflow's history is about. Stored and sent by the names of <see cref="HistoryKindNames"/>.</summary>
public enum HistoryKind
{
    /// <summary>The workflow was created.</summary>
    Created,

    /// <summary>A state function returned, and the workflow went on to another state.</summary>
    Transition,

    /// <summary>An attempt failed.</summary>
    AttemptFailed,

    /// <summary>The definition lacks the state, or does not allow the transition.</summary>
    Rejected,

    /// <summary>The engine does not run the state again, whatever its policy says.</summary>
    GivenUp,

    /// <summary>The state could not be run for a reason that is not its own.</summary>
    Deferred,

    /// <summary>A workflow that was parked before a state without a function has come to it.</summary>
    Arrived,

    /// <summary>What it waited for did not come in time.</summary>
    DeadlinePassed,

    /// <summary>It was taken from an executor that is dead.</summary>
    TakenOver,

    /// <summary>A child woke it.</summary>
    ChildWoke,

    /// <summary>A signal was sent to it.</summary>
    Signalled,

    /// <summary>A person moved it to a state.</summary>
    StateChanged,

    /// <summary>A person set or removed variables.</summary>
    VariablesChanged,

    /// <summary>A person changed its priority or its executor group.</summary>
    Placed,

    /// <summary>It was taken to another version of its definition.</summary>
    VersionMoved,

    /// <summary>A person cancelled it.</summary>
    Cancelled,

    /// <summary>A person asked for a pause, or the pause began when a step had ended.</summary>
    Paused,

    /// <summary>A person resumed it.</summary>
    Resumed,

    /// <summary>A person had the next attempt made at once.</summary>
    Retried,

    /// <summary>A person had it run again from a state.</summary>
    RunAgain,

    /// <summary>A step closed the history, and the workflow began anew with other variables.</summary>
    ContinuedAnew,
}

/// <summary>The one spelling of each <see cref="HistoryKind"/>.</summary>
public static class HistoryKindNames
{
    private static readonly string[] Names =
    [
        "CREATED",
        "TRANSITION",
        "ATTEMPT_FAILED",
        "REJECTED",
        "GIVEN_UP",
        "DEFERRED",
        "ARRIVED",
        "DEADLINE_PASSED",
        "TAKEN_OVER",
        "CHILD_WOKE",
        "SIGNALLED",
        "STATE_CHANGED",
        "VARIABLES_CHANGED",
        "PLACED",
        "VERSION_MOVED",
        "CANCELLED",
        "PAUSED",
        "RESUMED",
        "RETRIED",
        "RUN_AGAIN",
        "CONTINUED_ANEW",
    ];

    /// <summary>Every name, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a kind, for example <c>ATTEMPT_FAILED</c>.</summary>
    public static string ToName(this HistoryKind kind) => Names[(int)kind];

    /// <summary>Reads a name that was written by <see cref="ToName"/>.</summary>
    /// <exception cref="FormatException">No kind has that name.</exception>
    public static HistoryKind Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (HistoryKind)index
            : throw new FormatException(
                $"'{name}' is no kind of history entry; expected one of {string.Join(", ", Names)}."
            );
    }
}
