/// Definitions, workflows and histories for the tests.
module GopherFlow.Client.Tests.Samples

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

let noon = Instant 1795348800000.0

let retry: Retry = {
    Kind = "linear"
    MaxRetries = 3
    MinSeconds = 1.0
    MaxSeconds = 5.0
}

let state (name: string) (kind: StateType) (goesTo: string list) : State = {
    Name = name
    Type = StateType.wire kind
    GoesTo = goesTo
    CompensatedBy = None
    Retry = None
    TimeoutSeconds = None
    Limits = []
}

let definition (name: string) (states: State list) : Definition = {
    Name = name
    Version = "1"
    Description = "A sample"
    Created = noon
    Updated = noon
    FlowChart = "flowchart TD"
    InitialState = states.Head.Name
    Registered = true
    Retry = retry
    States = states
    Limits = []
}

let parent =
    definition "DemoParentWorkflow" [
        state "ParentInit" Start [ "ParentSpawnChildren" ]
        state "ParentSpawnChildren" Normal [ "ParentWaitForChildren" ]
        state "ParentWaitForChildren" Normal [ "ParentFinish"; "ParentWaitForChildren" ]
        state "ParentFinish" End []
    ]

let order =
    definition "OrderApproval" [
        state "Receive" Start [ "CheckCredit" ]
        state "CheckCredit" Normal [ "AskPerson"; "Reserve"; "Rejected" ]
        state "AskPerson" Manual [ "Reserve"; "Rejected"; "CheckCredit" ]
        state "Reserve" Normal [ "Ship"; "Reserve"; "CheckCredit" ]
        state "Ship" Normal [ "Done"; "Reserve" ]
        state "Done" End []
        state "Rejected" StateType.Error []
    ]

/// Sixty states with branches and transitions back.
let long =
    let name i = $"Step{i}"

    definition "Long" [
        for i in 0..59 do
            let kind =
                if i = 0 then Start
                elif i = 59 then End
                else Normal

            state (name i) kind [
                if i < 59 then
                    name (i + 1)
                if i % 4 = 0 && i + 5 < 60 then
                    name (i + 5)
                if i % 9 = 8 then
                    name (i - 6)
            ]
    ]

let workflow (definition: Definition) (state: string) (status: Status) : Workflow = {
    Id = 7.0
    Status = Status.wire status
    ExecutionCount = 1
    RetryCount = 0
    Created = noon
    Modified = noon
    NextActivation = None
    Started = Some noon
    Finished = None
    ExecutorId = None
    ExecutorGroup = "default"
    WorkflowType = definition.Name
    Version = "1"
    ExternalId = "ext-7"
    BusinessKey = "key-7"
    State = state
    StateVars = obj ()
    StateVarsOmitted = false
    ParentWorkflowId = None
    Priority = 5
    OpenChildren = 0
    PauseRequested = false
    HeldActivation = None
    AwaitedSignals = []
    KeptSignals = []
    DeadlineState = None
    LastError = None
    Output = None
    OutputOmitted = false
    WaitsFor = None
    LimitKey = None
}

let job (id: float) (status: string) : Job = {
    Id = id
    Status = status
    Operation = obj ()
    OperationOmitted = false
    Filter = obj ()
    Actor = "ada"
    Reason = None
    Created = noon
    Started = None
    Ended = None
    CancelRequested = None
    Total = None
    Done = 0.0
    Failed = 0.0
    Skipped = 0.0
    Descendants = 0.0
    ExecutorId = None
    Error = None
}

let action (id: int) (kind: string) (name: string) (text: string) : Action = {
    Id = float id
    WorkflowId = 7.0
    ExecutorId = None
    ExecutionCount = 1
    RetryCount = 0
    Type = kind
    Name = name
    Text = text
    DateTime = noon
    Kind = kind
    From = None
    To = name
    Status = "IN_PROGRESS"
    Actor = None
    Due = None
    DurationSeconds = None
    Cause = None
    Error = None
}

/// A history, newest first, that passes through these states.
let walk (states: string list) : Action list =
    (action 0 "CREATED" states.Head "Created"
     :: (states
         |> List.pairwise
         |> List.mapi (fun i (from, target) -> {
             action (i + 1) "TRANSITION" from $"From {from} to {target}" with
                 From = Some from
                 To = target
         })))
    |> List.rev

/// A workflow of the type Demo after a commit.
let change (id: float) (state: string) (status: Status) (revision: int) : WorkflowEvent = {
    Id = id
    ParentWorkflowId = None
    WorkflowType = "Demo"
    Version = "1"
    Status = Status.wire status
    State = state
    PreviousState = Some "Before"
    Revision = float revision
    ExecutionCount = 2
    RetryCount = 1
    OpenChildren = 3
    ExecutorId = Some 4.0
    Modified = Instant.add (1000.0 * float revision) noon
    NextActivation = Some(Instant.add 60000.0 noon)
}

let user id name role : User = {
    Id = id
    Username = name
    DisplayName = None
    Role = role
    Enabled = true
    HasPassword = true
    External = None
    Created = noon
    LastSignIn = None
}

let session role : Session = {
    Username = "ann"
    Role = role
    Expires = Some(Instant.add 3600000.0 noon)
    UserId = 2.0
}

/// An entry of a history, a second after the one before.
let happened (id: int) (kind: string) (from: string option) (target: string) : HistoryEntry = {
    Id = float id
    At = Instant.add (1000.0 * float id) noon
    Kind = kind
    From = from
    To = target
    Status = "IN_PROGRESS"
    Step = id
    ExecutionCount = 0
    RetryCount = 0
    ExecutorId = None
    Actor = None
    Due = None
    DurationSeconds = None
    Cause = None
    Text = None
    Error = None
    Details = None
    Variables = None
    Lines = []
}

let created (id: int) (state: string) = happened id "CREATED" None state

let passed (id: int) (from: string) (target: string) = {
    happened id "TRANSITION" (Some from) target with
        DurationSeconds = Some 0.5
}

let failed (id: int) (state: string) = {
    happened id "ATTEMPT_FAILED" (Some state) state with
        DurationSeconds = Some 0.5
}
