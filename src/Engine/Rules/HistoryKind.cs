namespace GopherFlow.Rules;

/// <summary>The kinds of history entries. They are stored and sent under the names of <see cref="HistoryKindNames"/>.</summary>
public enum HistoryKind
{
    /// <summary>The workflow was created.</summary>
    Created,

    /// <summary>A state function returned, and the workflow went to another state.</summary>
    Transition,

    /// <summary>An attempt failed.</summary>
    AttemptFailed,

    /// <summary>The definition does not have the state, or does not allow the transition.</summary>
    Rejected,

    /// <summary>The engine does not run the state again, regardless of its retry policy.</summary>
    GivenUp,

    /// <summary>
    /// The state could not be run because its definition was not available, for example because its code could not be loaded.
    /// </summary>
    Deferred,

    /// <summary>A workflow that was parked before a state without a function has reached it.</summary>
    Arrived,

    /// <summary>The deadline of a wait passed.</summary>
    DeadlinePassed,

    /// <summary>It was taken over from a dead executor.</summary>
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

    /// <summary>It was moved to another version of its definition.</summary>
    VersionMoved,

    /// <summary>A person cancelled it.</summary>
    Cancelled,

    /// <summary>A person requested a pause, or a requested pause began when the step had ended.</summary>
    Paused,

    /// <summary>A person resumed it.</summary>
    Resumed,

    /// <summary>A person started the next attempt immediately.</summary>
    Retried,

    /// <summary>A person ran it again from a state.</summary>
    RunAgain,

    /// <summary>A step closed the history, and the workflow began anew with other variables.</summary>
    ContinuedAnew,
}

/// <summary>The name of each <see cref="HistoryKind"/> in the database, the API and the console.</summary>
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

    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a kind, for example <c>ATTEMPT_FAILED</c>.</summary>
    public static string ToName(this HistoryKind kind) => Names[(int)kind];

    /// <summary>Parses a name that <see cref="ToName"/> returned.</summary>
    /// <exception cref="FormatException">No kind has that name.</exception>
    public static HistoryKind Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (HistoryKind)index
            : throw new FormatException(
                $"'{name}' is not a kind of history entry; expected one of {string.Join(", ", Names)}."
            );
    }
}
