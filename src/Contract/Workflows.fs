namespace GopherFlow.Contract

/// A workflow.
type Workflow = {
    Id: Id
    [<OneOf("NEW", "EXECUTING", "IN_PROGRESS", "WAITING", "PAUSED", "FINISHED", "FAILED", "ERROR", "CANCELLED")>]
    Status: string
    /// The number of attempts so far, in all states.
    ExecutionCount: int
    /// The number of failed attempts in the current state.
    RetryCount: int
    Created: Instant
    Modified: Instant
    /// When it is due next; null if nothing is planned.
    NextActivation: Instant option
    Started: Instant option
    Finished: Instant option
    /// The executor that runs it now.
    ExecutorId: Id option
    ExecutorGroup: string
    WorkflowType: string
    Version: string
    ExternalId: string
    BusinessKey: string
    State: string
    /// The variables, as a JSON object.
    StateVars: RawJson
    /// Whether the variables were omitted: lists omit large ones, and all of them if so requested. stateVars is then an empty object.
    StateVarsOmitted: bool
    ParentWorkflowId: Id option
    /// 1 (first) to 9 (last).
    Priority: int
    OpenChildren: int
    /// Whether it will be paused when the current step ends.
    PauseRequested: bool
    /// While it is paused: when it will be due if it is resumed.
    HeldActivation: Instant option
    /// The names of the signals that it waits for.
    AwaitedSignals: string list
    /// The names of the signals that were sent to it and that no step has taken yet.
    KeptSignals: string list
    /// The state that it moves to at its next activation if what it waits for has not happened by then.
    DeadlineState: string option
    /// The type and message of the error of the last failed attempt.
    LastError: string option
    /// The result; null if it is unfinished or has none.
    Output: RawJson option
    /// Whether the result was omitted, as lists do when it is large; output is then null.
    OutputOmitted: bool
    /// What it is waiting for; null while it runs and when it has ended.
    [<OneOf("children", "person", "signal", "retry", "resume", "activation", "executor", "definition", "limit")>]
    WaitsFor: string option
    /// The key under which limits count it; null until one has been given or needed.
    LimitKey: string option
}

/// A page of workflows, newest first.
type WorkflowPage = {
    /// The number of workflows on this page.
    Results: int
    Workflows: Workflow list
    /// The number of workflows that were skipped, as requested.
    Offset: int
    /// The cursor for the next page; null on the last page.
    Next: string option
    /// Whether the search stopped before the page was full because it had examined many workflows; the next page continues from there.
    Partial: bool
    /// The number of workflows on all pages together; null if the counters cannot provide it.
    Total: Count option
}

/// A workflow that was created or already existed.
type CreatedWorkflow = {
    Id: Id
    /// Whether a workflow with this external id already existed; it is not changed.
    Existed: bool
    /// Reasons why it may not run.
    Warnings: string list
}

/// The result of importing one workflow that was started in another system; for a dry run, what the result would be.
type ImportedWorkflow = {
    ExternalId: string
    /// CREATED; EXISTED: it already existed and was not changed; or REFUSED.
    [<OneOf("CREATED", "EXISTED", "REFUSED")>]
    Outcome: string
    /// Why it was refused; otherwise null.
    Reason: string option
}

/// The results of an import, in the order of the request.
type ImportedWorkflows = {
    /// Whether this was a dry run, so nothing was stored.
    DryRun: bool
    Workflows: ImportedWorkflow list
}

/// Confirms that a change was made.
type Changed = { Ok: bool }

/// A workflow that was cancelled.
type CancelledWorkflow = {
    State: string
    Status: string
    /// The number of descendants (children, their children and so on) that were cancelled with it.
    Descendants: int
}

/// The state and status of a workflow after an operation.
type ChangedWorkflow = { State: string; Status: string }

/// The number of workflows of one type, version, state and status.
type WorkflowCount = {
    WorkflowType: string
    Version: string
    State: string
    Status: string
    Count: Count
}

/// The number of workflows of one type that ended with one status within a minute.
type EndedInMinute = {
    /// The start of the minute.
    Minute: Instant
    WorkflowType: string
    [<OneOf("FINISHED", "FAILED", "ERROR", "CANCELLED")>]
    Status: string
    Count: Count
}

/// How many workflows ended recently, on all executors. Executors report every few seconds, so the last minute is incomplete.
type Throughput = {
    /// The start of the first minute that is counted.
    From: Instant
    /// The time of the response.
    Until: Instant
    /// The counts; minutes in which nothing ended are omitted.
    Minutes: EndedInMinute list
}

/// A signal that was sent to a workflow and that no step has taken yet.
type Signal = {
    Id: Id
    Name: string
    /// The idempotency key: a repeated signal with the same key is ignored. Null if the sender gave none.
    Key: string option
    Payload: RawJson
    /// Whether the payload was omitted, as lists do when it is large; payload is then null.
    PayloadOmitted: bool
    Sent: Instant
}

/// A page of the signals that were sent to a workflow and not yet taken, oldest first.
type SignalPage = {
    Signals: Signal list
    /// The cursor for the next page; null on the last page.
    Next: string option
}

/// The workflows that received a signal.
type SentSignal = { WorkflowIds: Id list }
