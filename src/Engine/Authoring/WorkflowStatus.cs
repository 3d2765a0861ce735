namespace GopherFlow.Authoring;

/// <summary>
/// The status of a workflow. The API, the database and the console use the upper-case names of <see cref="WorkflowStatusNames"/>
/// (NEW, IN_PROGRESS, ...), as in the Go system.
/// </summary>
public enum WorkflowStatus
{
    /// <summary>NEW: created, not yet claimed by an executor.</summary>
    New,

    /// <summary>SCHEDULED: accepted in searches for compatibility with older clients. No workflow ever has this status.</summary>
    Scheduled,

    /// <summary>EXECUTING: an executor holds the lease and runs it.</summary>
    Executing,

    /// <summary>IN_PROGRESS: parked until its next activation, a signal, or the end of its children.</summary>
    InProgress,

    /// <summary>WAITING: in a Manual state until a person moves it.</summary>
    Waiting,

    /// <summary>PAUSED: held by an operator; runs again when resumed.</summary>
    Paused,

    /// <summary>FINISHED: reached an End state.</summary>
    Finished,

    /// <summary>FAILED: a state ran out of retries, or its failure was not retryable.</summary>
    Failed,

    /// <summary>ERROR: reached an Error state, or requested a transition that its definition does not declare.</summary>
    Error,

    /// <summary>CANCELLED: ended by an operator.</summary>
    Cancelled,
}

/// <summary>The name of each <see cref="WorkflowStatus"/> in the database, the API and the console.</summary>
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

    /// <summary>All names, in the order of the enum.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of a status, for example <c>IN_PROGRESS</c>.</summary>
    public static string ToName(this WorkflowStatus status) => Names[(int)status];

    /// <summary>Parses a name. The match is case-sensitive.</summary>
    /// <returns>False if no status has that name.</returns>
    public static bool TryParse(string? name, out WorkflowStatus status)
    {
        var index = Array.IndexOf(Names, name);
        status = index < 0 ? default : (WorkflowStatus)index;
        return index >= 0;
    }

    /// <summary>Parses a name that <see cref="ToName"/> returned.</summary>
    /// <exception cref="FormatException">No status has that name.</exception>
    public static WorkflowStatus Parse(string name) =>
        TryParse(name, out var status)
            ? status
            : throw new FormatException(
                $"'{name}' is not a workflow status; expected one of {string.Join(", ", Names)}."
            );

    /// <summary>Whether the status is FINISHED, FAILED, ERROR or CANCELLED. The engine no longer runs such a workflow on its own.</summary>
    public static bool IsFinal(this WorkflowStatus status) =>
        status is WorkflowStatus.Finished or WorkflowStatus.Failed or WorkflowStatus.Error or WorkflowStatus.Cancelled;
}
