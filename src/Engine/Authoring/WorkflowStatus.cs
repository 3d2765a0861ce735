namespace GopherFlow.Authoring;

/// <summary>
/// The status of a workflow. The names on the wire, in the database and on the screen are the upper-case ones of
/// <see cref="WorkflowStatusNames"/> (NEW, IN_PROGRESS, ...), as in the Go system.
/// </summary>
public enum WorkflowStatus
{
    /// <summary>NEW: created, not yet claimed by an executor.</summary>
    New,

    /// <summary>SCHEDULED: accepted in searches for the sake of older clients; nothing rests in it.</summary>
    Scheduled,

    /// <summary>EXECUTING: an executor holds the lease and runs it.</summary>
    Executing,

    /// <summary>IN_PROGRESS: parked until its next activation or until its children have finished.</summary>
    InProgress,

    /// <summary>WAITING: in a Manual state; a person moves it.</summary>
    Waiting,

    /// <summary>PAUSED: held by an operator; runs again when resumed.</summary>
    Paused,

    /// <summary>FINISHED: reached an End state.</summary>
    Finished,

    /// <summary>FAILED: a state ran out of retries, or failed in a way that is not retryable.</summary>
    Failed,

    /// <summary>ERROR: reached an Error state, or asked for a transition that its definition does not have.</summary>
    Error,

    /// <summary>CANCELLED: ended by an operator.</summary>
    Cancelled,
}

/// <summary>The one spelling of each <see cref="WorkflowStatus"/>, used in the database, the API and the console.</summary>
public static class WorkflowStatusNames
{
    private static readonly string[] Names =
    [
        "NEW",
        "SCHEDULED",
        "EXECUTING",
        "IN_PROGRESS",
        "WAITING",
        "PAUSED",
        "FINISHED",
        "FAILED",
        "ERROR",
        "CANCELLED",
    ];

    /// <summary>Every name, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a status, for example <c>IN_PROGRESS</c>.</summary>
    public static string ToName(this WorkflowStatus status) => Names[(int)status];

    /// <summary>Reads a name; the match is exact.</summary>
    /// <returns>False when no status has that name.</returns>
    public static bool TryParse(string? name, out WorkflowStatus status)
    {
        var index = Array.IndexOf(Names, name);
        status = index < 0 ? default : (WorkflowStatus)index;
        return index >= 0;
    }

    /// <summary>Reads a name that was written by <see cref="ToName"/>.</summary>
    /// <exception cref="FormatException">No status has that name.</exception>
    public static WorkflowStatus Parse(string name) =>
        TryParse(name, out var status)
            ? status
            : throw new FormatException(
                $"'{name}' is not a workflow status; expected one of {string.Join(", ", Names)}."
            );

    /// <summary>True for FINISHED, FAILED, ERROR and CANCELLED: the engine does nothing more with it by itself.</summary>
    public static bool IsFinal(this WorkflowStatus status) =>
        status is WorkflowStatus.Finished or WorkflowStatus.Failed or WorkflowStatus.Error or WorkflowStatus.Cancelled;
}
