namespace GopherFlow.Contract

/// The error of a failed attempt.
type AttemptError = {
    Type: string
    Message: string
    Stack: string option
}

/// A line of a workflow's history. Type, name and text are in the format of the Go system; the other fields are those of the history entry.
/// An entry may have several lines, all with the same id.
type Action = {
    Id: Id
    WorkflowId: Id
    ExecutorId: Id option
    ExecutionCount: int
    RetryCount: int
    Type: string
    Name: string
    Text: string
    DateTime: Instant
    Kind: string
    From: string option
    To: string
    Status: string
    Actor: string option
    Due: Instant option
    DurationSeconds: float option
    Cause: string option
    Error: AttemptError option
}

/// A line of text of a history entry.
type HistoryLine = {
    Type: string
    Name: string
    Text: string
}

/// The changes of variables in a history entry. For values that are secret or too long, only the names are recorded.
type VariableTrace = {
    /// Whether these are all the variables and not only those that changed.
    Whole: bool
    /// The new values by name, as a JSON object.
    Set: RawJson
    Removed: string list
    /// The names of variables that were set to values that the history does not keep.
    Omitted: string list
}

/// An entry of a workflow's history: something that happened to it.
type HistoryEntry = {
    Id: Id
    At: Instant
    /// The kind of the event, such as "ATTEMPT_FAILED".
    Kind: string
    From: string option
    To: string
    /// The status of the workflow after this entry.
    Status: string
    /// The number of transitions that the workflow had made before this entry.
    Step: int
    ExecutionCount: int
    RetryCount: int
    ExecutorId: Id option
    /// Who caused it: a user name, "job:7", "workflow:5" and so on; null for the engine itself.
    Actor: string option
    /// When the workflow is due next, as of this entry.
    Due: Instant option
    /// How long the state function ran.
    DurationSeconds: float option
    /// What triggered it, such as "signal:paid", "workflow:17" (a child) or "executor:3" (one that died).
    Cause: string option
    /// The text that the state function logged.
    Text: string option
    Error: AttemptError option
    /// Further data that only some kinds of entries have, as a JSON object.
    Details: RawJson option
    /// The changes of variables; null if there are none.
    Variables: VariableTrace option
    /// The entry as lines of text.
    Lines: HistoryLine list
}

/// A page of a workflow's history.
type HistoryPage = {
    Entries: HistoryEntry list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// The visits of a workflow to one state.
type StateVisits = {
    State: string
    /// How often the workflow entered the state.
    Visits: Count
    /// How often the state function ran.
    Attempts: Count
    FailedAttempts: Count
    /// How long the workflow was in the state, including waiting; 0 for the state in which it ended, and where the time is no longer known.
    Seconds: float
    /// How long the state function ran, over all attempts.
    RanSeconds: float
    /// The id of the history entry with which the workflow first entered the state.
    FirstEntry: Id
    LastEntered: Instant option
}

/// A transition from one state to another, and how often a workflow made it.
type TransitionUses = {
    From: string
    To: string
    /// Whether a person moved it.
    ByHand: bool
    Count: Count
    /// The id of the history entry of the latest such transition.
    LastEntry: Id
    Last: Instant
}

/// The path of a workflow through its states.
type WorkflowPath = {
    State: string
    Status: string
    /// The states that it has been in, in the order in which it first entered them.
    States: StateVisits list
    /// The transitions that it has made, the most recent last.
    Transitions: TransitionUses list
}

/// The variables of a workflow as of an entry of its history.
type VariablesAt = {
    /// The values that the history keeps, as a JSON object.
    Values: RawJson
    /// The names of variables whose values the history does not keep.
    Unknown: string list
}
