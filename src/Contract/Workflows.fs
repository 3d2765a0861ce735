namespace GopherFlow.Contract

/// A workflow.
type Workflow = {
    Id: Id
    [<OneOf("NEW", "EXECUTING", "IN_PROGRESS", "WAITING", "PAUSED", "FINISHED", "FAILED", "ERROR", "CANCELLED")>]
    Status: string
    /// How many attempts have been made, over all states.
    ExecutionCount: int
    /// How many attempts have failed in its state.
    RetryCount: int
    Created: Instant
    Modified: Instant
    /// When it is due; null when nothing is planned.
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
    /// The variables, an object.
    StateVars: RawJson
    /// Whether a list has left the variables out because they are large; then they are an empty object.
    StateVarsOmitted: bool
    ParentWorkflowId: Id option
    /// 1 (first) to 9 (last).
    Priority: int
    OpenChildren: int
    /// Whether it is to be paused when its step has ended.
    PauseRequested: bool
    /// When it will be due again if it is resumed.
    HeldActivation: Instant option
    /// The names of the signals that it waits for.
    AwaitedSignals: string list
    /// The names of the signals that were sent to it and that no step has taken.
    KeptSignals: string list
    /// The state to go to at its next activation, unless what it waits for has come by then.
    DeadlineState: string option
    /// Type and message of the error of its last failed attempt.
    LastError: string option
    /// The result; null when it is unfinished or has none.
    Output: RawJson option
    /// Whether a list has left the result out because it is large; then it is null.
    OutputOmitted: bool
    /// What has to happen before it goes on; null when it runs, or has ended.
    [<OneOf("children", "person", "signal", "retry", "resume", "activation", "executor", "definition", "limit")>]
    WaitsFor: string option
    /// The key under which limits count it; null until one was given or needed.
    LimitKey: string option
}

/// A page of workflows, newest first.
type WorkflowPage = {
    /// How many are on this page.
    Results: int
    Workflows: Workflow list
    /// How many were skipped, as asked for.
    Offset: int
    /// The cursor of the next page; null when this is the last.
    Next: string option
    /// Whether the search stopped before the page was full, because it had looked at many workflows; the next page goes on.
    Partial: bool
    /// How many workflows all pages have together; null when the counters do not say.
    Total: Count option
}

/// A workflow that was created, or was there.
type CreatedWorkflow = {
    Id: Id
    /// Whether a workflow with this external id was there; it is left as it is.
    Existed: bool
    /// What may keep it from running.
    Warnings: string list
}

/// What became of a workflow that another system has begun, or would become of it.
type ImportedWorkflow = {
    ExternalId: string
    /// Created; there already, and left as it is; or refused.
    [<OneOf("CREATED", "EXISTED", "REFUSED")>]
    Outcome: string
    /// Why it is refused; else null.
    Reason: string option
}

/// What became of all workflows of an import, in their order.
type ImportedWorkflows = {
    /// Whether nothing was stored.
    DryRun: bool
    Workflows: ImportedWorkflow list
}

/// A change that was made.
type Changed = { Ok: bool }

/// A workflow that was cancelled.
type CancelledWorkflow = {
    State: string
    Status: string
    /// How many of its children, their children and so on were cancelled with it.
    Descendants: int
}

/// What became of a workflow by an operation.
type ChangedWorkflow = { State: string; Status: string }

/// How many workflows there are of a type, version, state and status.
type WorkflowCount = {
    WorkflowType: string
    Version: string
    State: string
    Status: string
    Count: Count
}

/// How many workflows of a type ended in a minute, with a status.
type EndedInMinute = {
    /// When the minute began.
    Minute: Instant
    WorkflowType: string
    [<OneOf("FINISHED", "FAILED", "ERROR", "CANCELLED")>]
    Status: string
    Count: Count
}

/// How many workflows ended lately, on all executors. An executor tells every few seconds, so the last minute is not complete.
type Throughput = {
    /// The first minute that is counted.
    From: Instant
    /// The instant of the answer.
    Until: Instant
    /// Minutes in which nothing ended are left out.
    Minutes: EndedInMinute list
}

/// A signal that was sent to a workflow and that no step has taken.
type Signal = {
    Id: Id
    Name: string
    /// By which a repeated one is dropped; null when its sender gave none.
    Key: string option
    Payload: RawJson
    /// Whether a large payload was left out, as lists do; the payload is null then.
    PayloadOmitted: bool
    Sent: Instant
}

/// A page of the signals that are kept for a workflow, oldest first.
type SignalPage = {
    Signals: Signal list
    /// The cursor of the next page; null when this is the last.
    Next: string option
}

/// The workflows that have a signal.
type SentSignal = { WorkflowIds: Id list }
