namespace GopherFlow.Operations;

/// <summary>
/// The types of history lines. The names are those of the Go system. Its internal entries (SCHEDULED, EXECUTING, LOCK_FAILED, FINISHED)
/// have no counterpart here.
/// </summary>
public static class ActionTypes
{
    /// <summary>The workflow was created.</summary>
    public const string Created = "CREATED";

    /// <summary>A transition. The name is the state that was left; the text is "From A to B".</summary>
    public const string Transition = "TRANSITION";

    /// <summary>A line from the author, or a change by a person.</summary>
    public const string Log = "LOG";

    /// <summary>A child was created.</summary>
    public const string ChildCreated = "CHILD_CREATED";

    /// <summary>A child woke this workflow.</summary>
    public const string ChildWake = "CHILD_WAKE";

    /// <summary>The workflow was parked. The text is the instant or the condition that it waits for.</summary>
    public const string ScheduleActivation = "SCHEDULE_ACTIVATION";

    /// <summary>The workflow arrived in a final or Manual state.</summary>
    public const string End = "END";

    /// <summary>An attempt failed.</summary>
    public const string Error = "ERROR";

    /// <summary>The failed state will be run again.</summary>
    public const string Retry = "RETRY";

    /// <summary>The workflow failed, because there were no retries left or the error was not retryable.</summary>
    public const string Failed = "FAILED";

    /// <summary>The workflow was moved to another version of its definition. The name is the state in which it was.</summary>
    public const string Moved = "MOVED";

    /// <summary>The workflow was taken over from a dead executor.</summary>
    public const string Repaired = "REPAIRED";

    /// <summary>A signal was sent to the workflow. The name is that of the signal.</summary>
    public const string Signal = "SIGNAL";

    /// <summary>A step took a signal. The name is that of the signal.</summary>
    public const string SignalTaken = "SIGNAL_TAKEN";

    /// <summary>The deadline of a wait passed. The name is the state that was left; the text is "From A to B".</summary>
    public const string Deadline = "DEADLINE";

    /// <summary>A person cancelled the workflow.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>A person paused the workflow.</summary>
    public const string Paused = "PAUSED";

    /// <summary>A person resumed the workflow.</summary>
    public const string Resumed = "RESUMED";

    /// <summary>A person started the next attempt of the workflow immediately.</summary>
    public const string Retried = "RETRIED";

    /// <summary>A step closed the history, and the workflow began anew. The name is the state that was left.</summary>
    public const string ContinuedAnew = "CONTINUED_ANEW";

    /// <summary>A person ran the workflow again from a state. The name is the state in which it was.</summary>
    public const string RunAgain = "RUN_AGAIN";
}
