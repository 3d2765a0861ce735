namespace GopherFlow.Contract

/// An executor; each start of a process is a new one.
type Executor = {
    Id: Id
    Name: string
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
