/// The string values of the contract as F# cases. A newer server may send values that this console does not know: they become
/// `Other`.
module GopherFlow.Client.Api.Types

open GopherFlow.Contract

type StateType =
    | Start
    | Normal
    | Manual
    | Error
    | End
    | Other of string

type Status =
    | New
    | Executing
    | InProgress
    | Waiting
    | Paused
    | Finished
    | Failed
    | Errored
    | Cancelled
    | Other of string

type WaitsFor =
    | Activation
    | Children
    | Person
    | Signal
    /// It waits for the next attempt.
    | Retry
    /// It is paused.
    | Resume
    | Executor
    /// This server knows no executor that has its version.
    | Definition
    /// A limit of its definition is reached.
    | Limit
    | Other of string

type Visitor =
    | SignedIn of Session
    /// The session is over; the same user may sign in again and continue.
    | Ended of Session
    | SignedOut

/// The events of the server's stream.
type LiveEvent =
    | WorkflowChanged of WorkflowEvent
    | DefinitionChanged of name: string
    | ScriptsChanged
    /// Changes may have been missed.
    | Resync

let private meaning (cases: (string * 'case) list) (other: string -> 'case) (text: string) : 'case =
    cases
    |> List.tryFind (fst >> (=) text)
    |> Option.map snd
    |> Option.defaultWith (fun () -> other text)

module Session =
    let mayChange (session: Session) = session.Role <> "viewer"

    /// Only admins manage accounts, and deploy, roll back, enable and disable scripts, because scripts run arbitrary code.
    let isAdmin (session: Session) = session.Role = "admin"

module Status =
    let all: (string * Status) list = [
        "NEW", New
        "EXECUTING", Executing
        "IN_PROGRESS", InProgress
        "WAITING", Waiting
        "PAUSED", Paused
        "FINISHED", Finished
        "FAILED", Failed
        "ERROR", Errored
        "CANCELLED", Cancelled
    ]

    let ofWire = meaning all Status.Other

    /// The value in the contract.
    let wire (status: Status) =
        match status with
        | Status.Other text -> text
        | _ -> all |> List.find (snd >> (=) status) |> fst

    /// The text for users, the same on every page.
    let word =
        function
        | New -> "New"
        | Executing -> "Executing"
        | InProgress -> "In progress"
        | Waiting -> "Waiting"
        | Paused -> "Paused"
        | Finished -> "Finished"
        | Failed -> "Failed"
        | Errored -> "Error"
        | Cancelled -> "Cancelled"
        | Status.Other text -> text

    /// Whether the workflow does not run again by itself.
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

    let ofWire = meaning all StateType.Other

    let wire (kind: StateType) =
        match kind with
        | StateType.Other text -> text
        | _ -> all |> List.find (snd >> (=) kind) |> fst

module WaitsFor =
    let ofWire =
        meaning
            [
                "activation", Activation
                "children", Children
                "person", Person
                "signal", Signal
                "retry", Retry
                "resume", Resume
                "executor", Executor
                "definition", Definition
                "limit", Limit
            ]
            Other

module Workflow =
    let status (workflow: Workflow) = Status.ofWire workflow.Status

    let isOver (workflow: Workflow) = Status.isOver (status workflow)

    let waitsFor (workflow: Workflow) =
        workflow.WaitsFor |> Option.map WaitsFor.ofWire

    /// The variables, in their order in the JSON.
    let variables (workflow: Workflow) : (string * obj) list = Json.entriesOf workflow.StateVars

module State =
    let kind (state: State) = StateType.ofWire state.Type

    /// Whether it has a function.
    let runs (state: State) =
        match kind state with
        | Start
        | Normal -> true
        | _ -> false

/// The server's list of executors: the last active first.
module ExecutorList =
    [<Literal>]
    let Most = 100

    /// Whether the list has all live executors. A full list has them if the lease of its last executor has expired: those left
    /// out were active even earlier.
    let hasAllAlive (executors: Executor list) : bool =
        match List.tryLast executors with
        | Some last when executors.Length >= Most -> last.LeaseSeconds < 0.0
        | _ -> true
