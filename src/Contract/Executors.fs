namespace GopherFlow.Contract

/// An executor: a process that runs workflows. Each start of a process registers a new executor.
type Executor = {
    Id: Id
    Name: string
    /// The version of its application; empty if unknown.
    Version: string
    Started: Instant
    /// When its last heartbeat arrived.
    LastActive: Instant
    /// When it stopped or was declared dead; null while it runs.
    Ended: Instant option
    Groups: string list
    /// The number of workflows that it can run at once.
    Capacity: int
    Alive: bool
    /// The seconds until its lease expires; negative if it has expired.
    LeaseSeconds: float
}

/// The workflows that an executor is running now.
type ExecutorWork = {
    /// The number of workflows that it has claimed.
    Claimed: int
    /// The first of the claimed workflows.
    Workflows: Workflow list
}

/// A workflow whose current step has been running much longer than usual.
type LongRun = {
    Workflow: Workflow
    /// When the step started.
    Since: Instant
    /// The average running time of a visit to this state, in the last workflows of the type that finished.
    UsualSeconds: float
}

/// Workflows that should have continued by now.
type Late = {
    /// Workflows that have been due for 30 seconds or longer without being claimed, in the order in which they became due.
    /// For a workflow with a deadline state, the deadline has passed.
    Overdue: Workflow list
    /// Whether there may be more overdue workflows than are listed.
    More: bool
    /// Workflows that have been in a step for more than a minute and for more than twice the usual time.
    LongRuns: LongRun list
}
