/// The texts of the contract as F# cases. A server that is newer than the console may send others: they are kept as `Other`.
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
    /// The next attempt.
    | Retry
    /// It is paused.
    | Resume
    | Executor
    /// Its version runs nowhere that this server knows of.
    | Definition
    /// As many run as a limit of its definition allows.
    | Limit
    | Other of string

type Visitor =
    | SignedIn of Session
    /// The session is over; the same user may sign in again and continue.
    | Ended of Session
    | SignedOut

/// What the stream of the server tells.
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

    /// Only admins manage accounts, and deploy, roll back, enable and disable scripts: these run code of the sender's choice.
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

    /// The name on the wire.
    let wire (status: Status) =
        match status with
        | Status.Other text -> text
        | _ -> all |> List.find (snd >> (=) status) |> fst

    /// The word a person reads; the same on every page.
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

    /// The variables in their order.
    let variables (workflow: Workflow) : (string * obj) list = Json.entriesOf workflow.StateVars

module State =
    let kind (state: State) = StateType.ofWire state.Type

    /// Whether it has a function.
    let runs (state: State) =
        match kind state with
        | Start
        | Normal -> true
        | _ -> false

/// Executors as the server lists them: those last active first.
module ExecutorList =
    [<Literal>]
    let Most = 100

    /// Whether the list has all executors that are alive. A full list has them if the lease of its last executor has run out: those
    /// left out were active even earlier.
    let hasAllAlive (executors: Executor list) : bool =
        match List.tryLast executors with
        | Some last when executors.Length >= Most -> last.LeaseSeconds < 0.0
        | _ -> true
