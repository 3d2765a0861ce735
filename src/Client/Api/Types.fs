/// What the server speaks of, in F# types: definitions, workflows, actions, executors, live events.
module GopherFlow.Client.Api.Types

open GopherFlow.Client.Time

/// The server's 64-bit key; a JavaScript number holds it exactly up to 2^53.
type Id = float

type StateType =
    | Start
    | Normal
    | Manual
    | Error
    | End

type Status =
    | New
    | Scheduled
    | Executing
    | InProgress
    | Waiting
    | Paused
    | Finished
    | Failed
    | Errored
    | Cancelled

type RetryKind =
    | Linear
    | Exponential

type Retry = {
    Kind: RetryKind
    MaxRetries: int
    MinSeconds: float
    MaxSeconds: float
}

type State = {
    Name: string
    Type: StateType
    GoesTo: string list
    Retry: Retry option
    TimeoutSeconds: float option
}

type Definition = {
    Name: string
    Version: string
    Description: string
    Created: Instant
    Updated: Instant
    FlowChart: string
    InitialState: string
    /// The server that answered can run it.
    Registered: bool
    Retry: Retry
    States: State list
}

type WaitsFor =
    | Activation
    | Children
    | Person
    | Signal
    /// The next attempt.
    | NextAttempt
    /// It is paused.
    | Resume
    | Executor
    /// Its version runs nowhere that this server knows of.
    | Definition

type Workflow = {
    Id: Id
    Status: Status
    ExecutionCount: int
    RetryCount: int
    Created: Instant
    Modified: Instant
    NextActivation: Instant option
    Started: Instant option
    Finished: Instant option
    ExecutorId: Id option
    ExecutorGroup: string
    WorkflowType: string
    Version: string
    ExternalId: string
    BusinessKey: string
    State: string
    StateVars: (string * obj) list
    ParentWorkflowId: Id option
    Priority: int
    OpenChildren: int
    AwaitedSignals: string list
    LastError: string option
    WaitsFor: WaitsFor option
}

/// One entry of a workflow's history.
type Action = {
    Id: Id
    ExecutorId: Id option
    ExecutionCount: int
    RetryCount: int
    Type: string
    Name: string
    Text: string
    DateTime: Instant
    /// What happened; lines of one entry share it, and its id.
    Kind: string
    /// The state before; None for a creation.
    From: string option
    /// The state since.
    To: string
    /// The status since, as on the wire.
    Status: string
    Actor: string option
}

type Executor = {
    Id: Id
    Name: string
    Started: Instant
    LastActive: Instant
    Groups: string list
    Capacity: int
    Alive: bool
}

type Session = { Username: string; Role: string }

type Visitor =
    | SignedIn of Session
    | SignedOut

type WorkflowPage = {
    Workflows: Workflow list
    Next: string option
}

/// A workflow after a commit.
type WorkflowChange = {
    Id: Id
    ParentWorkflowId: Id option
    WorkflowType: string
    Version: string
    Status: Status
    State: string
    /// None for a workflow that is new.
    PreviousState: string option
    /// Of two changes of a workflow, the later has the higher revision.
    Revision: float
    ExecutionCount: int
    RetryCount: int
    OpenChildren: int
    ExecutorId: Id option
    Modified: Instant
    NextActivation: Instant option
}

/// What the stream of the server tells.
type LiveEvent =
    | WorkflowChanged of WorkflowChange
    | DefinitionChanged of name: string
    | ScriptsChanged
    /// Changes may have been missed.
    | Resync

module Session =
    let mayChange (session: Session) = session.Role <> "viewer"

module Status =
    let all: (string * Status) list = [
        "NEW", New
        "SCHEDULED", Scheduled
        "EXECUTING", Executing
        "IN_PROGRESS", InProgress
        "WAITING", Waiting
        "PAUSED", Paused
        "FINISHED", Finished
        "FAILED", Failed
        "ERROR", Errored
        "CANCELLED", Cancelled
    ]

    /// The name on the wire.
    let wire (status: Status) =
        all |> List.find (snd >> (=) status) |> fst

    /// The word a person reads; the same on every page.
    let word =
        function
        | New -> "New"
        | Scheduled -> "Scheduled"
        | Executing -> "Executing"
        | InProgress -> "In progress"
        | Waiting -> "Waiting"
        | Paused -> "Paused"
        | Finished -> "Finished"
        | Failed -> "Failed"
        | Errored -> "Error"
        | Cancelled -> "Cancelled"

    /// Nothing more happens by itself.
    let isOver status =
        List.contains status [ Finished; Failed; Errored; Cancelled ]

module StateType =
    let all: (string * StateType) list = [
        "Start", Start
        "Normal", Normal
        "Manual", Manual
        "Error", Error
        "End", End
    ]

    let wire (kind: StateType) =
        all |> List.find (snd >> (=) kind) |> fst
