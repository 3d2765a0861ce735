namespace GopherFlow.Contract

/// An executor; each start of a process is a new one.
type Executor = {
    Id: Id
    Name: string
    /// The version of its application; empty when unknown.
    Version: string
    Started: Instant
    /// When its last heartbeat arrived.
    LastActive: Instant
    /// When it stopped, or was declared dead.
    Ended: Instant option
    Groups: string list
    /// How many workflows it runs at once.
    Capacity: int
    Alive: bool
    /// For how long its lease still holds; negative when it has run out.
    LeaseSeconds: float
}

/// What an executor runs now.
type ExecutorWork = {
    /// How many workflows it has claimed.
    Claimed: int
    /// The first of them.
    Workflows: Workflow list
}

/// A workflow whose step runs far longer than usual.
type LongRun = {
    Workflow: Workflow
    /// Since when the step runs.
    Since: Instant
    /// How long a visit to this state runs on average, in the last workflows of the type that finished.
    UsualSeconds: float
}

/// What should have gone on by now.
type Late = {
    /// Due for half a minute or longer, and nobody has taken it; what was due first comes first. With a deadline state it is the deadline that has passed.
    Overdue: Workflow list
    /// Whether there may be more of them.
    More: bool
    /// In a step for more than a minute and for more than twice as long as usual.
    LongRuns: LongRun list
}
