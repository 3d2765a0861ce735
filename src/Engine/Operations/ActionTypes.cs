namespace GopherFlow.Operations;

/// <summary>
/// The types of the lines that tell a history in words. Names are the Go system's; its entries about the mechanics of a pass
/// (SCHEDULED, EXECUTING, LOCK_FAILED, FINISHED) have no counterpart here.
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

    /// <summary>A step closed the history, and the workflow began anew: name is the state left.</summary>
    public const string ContinuedAnew = "CONTINUED_ANEW";

    /// <summary>A person had it run again from a state: name is the state that it was in.</summary>
    public const string RunAgain = "RUN_AGAIN";
}
