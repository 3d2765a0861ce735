namespace GopherFlow.Rules;

/// <summary>
/// The types of history entries. Names are the Go system's; its entries about the mechanics of a pass (SCHEDULED, EXECUTING,
/// LOCK_FAILED, FINISHED) have nothing to say here and are not written.
/// </summary>
public static class ActionTypes
{
    /// <summary>The workflow was created.</summary>
    public const string Created = "CREATED";

    /// <summary>A transition: name is the state left, text is "From A to B".</summary>
    public const string Transition = "TRANSITION";

    /// <summary>A line from the author, or a change by a person.</summary>
    public const string Log = "LOG";

    /// <summary>A child was created.</summary>
    public const string ChildCreated = "CHILD_CREATED";

    /// <summary>A child woke this workflow.</summary>
    public const string ChildWake = "CHILD_WAKE";

    /// <summary>It was parked; the text says until when or for what.</summary>
    public const string ScheduleActivation = "SCHEDULE_ACTIVATION";

    /// <summary>It arrived in a final or resting state.</summary>
    public const string End = "END";

    /// <summary>An attempt failed.</summary>
    public const string Error = "ERROR";

    /// <summary>The failed state will be run again.</summary>
    public const string Retry = "RETRY";

    /// <summary>There are no retries left.</summary>
    public const string Failed = "FAILED";

    /// <summary>It was taken to another version of its definition: name is the state it was in.</summary>
    public const string Moved = "MOVED";

    /// <summary>It was taken from an executor that is dead.</summary>
    public const string Repaired = "REPAIRED";

    /// <summary>A signal was sent to it: name is the signal.</summary>
    public const string Signal = "SIGNAL";

    /// <summary>A step took a signal: name is the signal.</summary>
    public const string SignalTaken = "SIGNAL_TAKEN";

    /// <summary>What it waited for did not come in time: name is the state left, text is "From A to B".</summary>
    public const string Deadline = "DEADLINE";

    /// <summary>It was cancelled by a person.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>It was paused by a person.</summary>
    public const string Paused = "PAUSED";

    /// <summary>It was resumed by a person.</summary>
    public const string Resumed = "RESUMED";

    /// <summary>A person had the next attempt made at once.</summary>
    public const string Retried = "RETRIED";

    /// <summary>A person had it run again from a state: name is the state that it was in.</summary>
    public const string RunAgain = "RUN_AGAIN";
}

/// <summary>The texts of history entries.</summary>
internal static class ActionTexts
{
    public const string ChildWake = "Child Initiated Wake";

    public static string ChildCreated(long id, string workflowType) =>
        $"Created child workflow ID {id} of type {workflowType}";

    public static string Repaired(long executorId) => $"Repaired and scheduled, previous executor was: {executorId}";

    public static string StateChanged(string actor, string state, bool isForced) =>
        $"User Manually Changed State :{state} (by {actor}{(isForced ? ", forced" : "")})";

    public static string Cancelled(string actor, string? cleansUpIn) =>
        cleansUpIn is null ? $"Cancelled (by {actor})" : $"Cancelled, cleans up in {cleansUpIn} (by {actor})";

    public static string Paused(string actor, bool runs) =>
        runs ? $"To be paused when its step has ended (by {actor})" : $"Paused (by {actor})";

    public static string Resumed(string actor) => $"Resumed (by {actor})";

    public static string Retried(string actor) => $"Retried at once (by {actor})";

    public static string RunAgain(string actor, string state) => $"Runs again from {state} (by {actor})";

    public static string Placed(Placed placed) =>
        (placed.Priority, placed.ExecutorGroup) switch
        {
            ({ } priority, null) => $"Priority {priority} (by {placed.Actor})",
            (null, { } group) => $"Executor group {group} (by {placed.Actor})",
            var (priority, group) => $"Priority {priority}, executor group {group} (by {placed.Actor})",
        };

    /// <summary>Such as "From version A to B (by ada)" or "From version A to B, state Review (by ada)".</summary>
    public static string Moved(VersionMoved move, string from, string to) =>
        from == to
            ? $"From version {move.FromVersion} to {move.ToVersion} (by {move.Actor})"
            : $"From version {move.FromVersion} to {move.ToVersion}, state {to} (by {move.Actor})";

    public static string VariableChanged(string actor, VariableChange change) =>
        change.JsonValue is null
            ? $"Removed state var: {change.Key} (by {actor})"
            : $"Updated state var: {change.Key} (by {actor})";

    /// <summary>Not every database holds a NUL character in a text, and a message must not cost the step.</summary>
    public static string Storable(string text) => text.Replace('\0', '\uFFFD');

    public static string ChildExternalIdTaken(string externalId) =>
        $"The external id '{externalId}' of a child belongs to another workflow already.";
}

/// <summary>The range of priorities: 1 runs first, 9 last.</summary>
public static class WorkflowPriority
{
    /// <summary>Runs first.</summary>
    public const int First = 1;

    /// <summary>What a workflow has that names none.</summary>
    public const int Default = 5;

    /// <summary>Runs last.</summary>
    public const int Last = 9;
}
