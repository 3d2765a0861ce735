/// The operations on a workflow: what each does, or why it is disabled.
module GopherFlow.Client.Pages.Workflow.Choices

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.Model

type Choice = {
    Label: string
    /// What it does, in short.
    Lead: string
    /// None when it is enabled.
    DisabledBecause: string option
    Message: Message
}

let private stateOf (definition: Definition option) (name: string) : State option =
    definition
    |> Option.bind (fun definition -> definition.States |> List.tryFind (fun state -> state.Name = name))

/// The states that the current state declares as targets.
let goesTo (workflow: Workflow) (definition: Definition option) : string list =
    stateOf definition workflow.State
    |> Option.map _.GoesTo
    |> Option.defaultValue []

/// Whether the current state can only be left for the states that it declares.
let isClosed (workflow: Workflow) (definition: Definition option) : bool =
    match stateOf definition workflow.State with
    | Some state -> State.kind state = Manual && not state.GoesTo.IsEmpty
    | None -> false

type Target =
    | Present
    /// The current state declares this target.
    | Declared
    /// Not declared, but a user can move it there.
    | Free
    /// Only a forced move goes there.
    | Forced

let target (workflow: Workflow) (definition: Definition option) (state: string) : Target =
    if state = workflow.State then
        Present
    elif List.contains state (goesTo workflow definition) then
        Declared
    elif isClosed workflow definition then
        Forced
    else
        Free

/// The targets of a state in which the workflow waits for a person.
let decisions (workflow: Workflow) (definition: Definition option) : string list =
    let isManual =
        stateOf definition workflow.State
        |> Option.exists (fun state -> State.kind state = Manual)

    if isManual && not (Workflow.isOver workflow) then
        goesTo workflow definition
    else
        []

/// Whether the engine accepts a retry: for a workflow that failed or ended with an error in a state with a function, and for one
/// that waits for its next attempt. A state that the version does not have counts as one with a function. While the version is
/// not known here, an error is not retried: the state may be of type Error, which has no function.
let mayRetry (workflow: Workflow) (definition: Definition option) : bool =
    let status = Workflow.status workflow

    let runs =
        match definition with
        | None -> status <> Errored
        | Some _ -> stateOf definition workflow.State |> Option.forall State.runs

    match status with
    | Failed
    | Errored -> runs
    | InProgress -> workflow.RetryCount > 0
    | Paused -> workflow.RetryCount > 0 && runs
    | _ -> false

let isErrorState (definition: Definition option) (state: string) : bool =
    stateOf definition state
    |> Option.exists (fun state -> State.kind state = StateType.Error)

/// What happens when the workflow is moved to a state.
let arrival (definition: Definition option) (state: string) : string =
    match stateOf definition state |> Option.map State.kind with
    | Some Manual -> "It waits there for a person."
    | Some End -> "It ends there, as finished."
    | Some StateType.Error -> "It ends there, as an error."
    | Some Start
    | Some Normal -> "It is due at once, and runs as soon as an executor of its group is free."
    | _ -> "It continues from there."

/// Whether a state has a function, so that it can be run at a later time.
let runs (definition: Definition option) (state: string) : bool =
    match stateOf definition state |> Option.map State.kind with
    | Some(Start | Normal) -> true
    | _ -> false

let describeChildren (count: int) : string =
    match count with
    | 1 -> "its unfinished child"
    | count -> $"its {count} unfinished children"

let private unless (isPossible: bool) (reason: string) : string option =
    if isPossible then None else Some reason

/// Why the user cannot change anything.
let viewerReason (session: Session) : string option =
    unless (Session.mayChange session) "Your role is viewer. Changing a workflow needs the role operator or admin."

let all (session: Session) (definition: Definition option) (workflow: Workflow) : Choice list =
    let isOver = Workflow.isOver workflow
    let isPaused = Workflow.status workflow = Paused
    let hasEnded = unless (not isOver) "It has ended."
    let runsStill = unless isOver "It has not ended yet."

    let nothingToRetry =
        if Workflow.status workflow = Errored then
            $"{workflow.State} has no function to retry."
        else
            "It has not failed and is not waiting for another attempt."

    let choice label lead disabledBecause message = {
        Label = label
        Lead = lead
        DisabledBecause = viewerReason session |> Option.orElse disabledBecause
        Message = message
    }

    [
        choice
            "Retry now"
            $"Makes the next attempt of {workflow.State} now."
            (unless (mayRetry workflow definition) nothingToRetry)
            (Opened Retrying)
        choice
            "Move to a state…"
            "Pick the state on the diagram."
            (unless definition.IsSome "This server does not know its definition.")
            (PickBegun ToMove)
        if isPaused then
            choice "Resume…" "It continues where it was." None (Opened Resuming)
        else
            choice
                "Pause…"
                "It does not run until it is resumed."
                (hasEnded
                 |> Option.orElse (unless (not workflow.PauseRequested) "It is already being paused."))
                (Opened Pausing)
        choice
            "Run again…"
            "From a state that you pick, with changed variables if needed."
            (unless definition.IsSome "This server does not know its definition.")
            (PickBegun ToRunAgain)
        choice "Cancel…" "It ends as cancelled." hasEnded (Opened Cancelling)
        choice "Priority and group…" "When it is taken, and by which executors." hasEnded (Opened Placing)
        choice "Move to a version…" "It continues on another version of its definition." hasEnded (Opened MovingVersion)
        choice "Delete…" "With its variables and its history." runsStill (Opened Deleting)
    ]
