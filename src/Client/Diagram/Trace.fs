/// The path of a run through its states, folded from its history.
module GopherFlow.Client.Diagram.Trace

open GopherFlow.Contract
open GopherFlow.Client.Api.Types

/// A transition that the run has made.
type Step = {
    /// The id of the history entry, which is the position.
    At: Id
    /// None for the creation.
    From: string option
    To: string
    /// Whether a user moved it.
    ByHand: bool
}

/// The run at a position of its history.
type Trace = {
    /// Oldest first.
    Steps: Step list
    /// Failed attempts by state.
    Failures: Map<string, int>
    /// The current state; None before the creation.
    State: string option
    Status: Status option
}

let private moving =
    set [
        "CREATED"
        "TRANSITION"
        "DEADLINE_PASSED"
        "STATE_CHANGED"
        "CONTINUED_ANEW"
        "RUN_AGAIN"
    ]

let private byHand =
    set [ "STATE_CHANGED"; "RUN_AGAIN"; "VERSION_MOVED"; "CANCELLED" ]

/// Also a transition from a state to itself is a step; what happens within a state is not.
let private tryStep (action: Action) : Step option =
    let moves =
        moving.Contains action.Kind
        || (action.From.IsSome && action.From <> Some action.To)

    if moves then
        Some {
            At = action.Id
            From = action.From
            To = action.To
            ByHand = byHand.Contains action.Kind
        }
    else
        None

/// One action for each entry, oldest first. The history comes newest first, with one or more lines for each entry.
let entries (history: Action list) : Action list =
    history |> List.distinctBy _.Id |> List.rev

let private ofEntries (entries: Action list) : Trace =
    let last = List.tryLast entries

    {
        Steps = List.choose tryStep entries
        Failures =
            entries
            |> List.filter (fun entry -> entry.Kind = "ATTEMPT_FAILED")
            |> List.countBy (fun entry -> entry.From |> Option.defaultValue entry.To)
            |> Map.ofList
        State = last |> Option.map _.To
        Status = last |> Option.map (fun entry -> Status.ofWire entry.Status)
    }

/// The trace of the whole history.
let ofHistory (history: Action list) : Trace = ofEntries (entries history)

/// The trace right after the entry at a position was written.
let at (position: Id) (history: Action list) : Trace =
    entries history |> List.filter (fun entry -> entry.Id <= position) |> ofEntries
