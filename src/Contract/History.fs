namespace GopherFlow.Contract

/// What went wrong in an attempt.
type AttemptError = {
    Type: string
    Message: string
    Stack: string option
}

/// A line of a workflow's history: type, name and text are those of the Go system, the rest is the entry as data. An entry that says
/// several things has a line for each, all with its id.
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

/// A line of an entry, in words.
type HistoryLine = {
    Type: string
    Name: string
    Text: string
}

/// What an entry says of the variables. Values that are secret or too long are named only.
type VariableTrace = {
    /// Whether these are all variables, not only those that changed.
    Whole: bool
    /// The new values by name, an object.
    Set: RawJson
    Removed: string list
    /// Set to values that the history does not keep.
    Omitted: string list
}

/// An entry of a workflow's history: something that happened to it.
type HistoryEntry = {
    Id: Id
    At: Instant
    /// What happened.
    Kind: string
    From: string option
    To: string
    /// The status after it.
    Status: string
    /// How many transitions it had made before.
    Step: int
    ExecutionCount: int
    RetryCount: int
    ExecutorId: Id option
    /// Who did it, such as a user, "job:7" or "workflow:5"; null for the engine itself.
    Actor: string option
    /// When the workflow is due after it.
    Due: Instant option
    /// How long the state function ran.
    DurationSeconds: float option
    /// What brought it about, such as "signal:paid", "workflow:17" (a child) or "executor:3" (one that died).
    Cause: string option
    /// The line that the author logged.
    Text: string option
    Error: AttemptError option
    /// What only some kinds have to say, an object.
    Details: RawJson option
    /// What it says of the variables; null when they did not change.
    Variables: VariableTrace option
    /// The entry in words.
    Lines: HistoryLine list
}

/// A page of a workflow's history.
type HistoryPage = {
    Entries: HistoryEntry list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// What a workflow did in a state.
type StateVisits = {
    State: string
    /// How often it came there.
    Visits: Count
    /// How often the state function ran.
    Attempts: Count
    FailedAttempts: Count
    /// How long the workflow was there, waiting included; 0 for the state in which it ended, and where that is not known any more.
    Seconds: float
    /// How long the state function ran.
    RanSeconds: float
    /// The id of the history entry with which it first came.
    FirstEntry: Id
    LastEntered: Instant option
}

/// How often a workflow went from one state to another.
type TransitionUses = {
    From: string
    To: string
    /// Whether a person moved it.
    ByHand: bool
    Count: Count
    /// The id of the history entry of the last time.
    LastEntry: Id
    Last: Instant
}

/// The way of a workflow through its states.
type WorkflowPath = {
    State: string
    Status: string
    /// The states that it has been in, in the order in which it first came to them.
    States: StateVisits list
    /// The transitions that it has made; the one used last comes last.
    Transitions: TransitionUses list
}

/// The variables of a workflow at a position of its history.
type VariablesAt = {
    /// The values that the history keeps, an object.
    Values: RawJson
    /// The names of variables whose values it does not keep.
    Unknown: string list
}
