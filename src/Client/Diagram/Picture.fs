/// What the diagram shows on top of a graph. Who makes one stands in Pictures: of the definition alone, of how many workflows
/// are in each state, of one run now or at a position of its history, of what is between two versions, of a draft.
module GopherFlow.Client.Diagram.Picture

open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph

/// The part that a state has in a run.
type Phase =
    | Current
    | Visited
    | Next
    | Idle

type StateView = {
    Name: string
    Type: StateType
    /// Retry and timeout, where the state has its own.
    Rules: string list
    Phase: Phase
    Visits: int
    Retries: int
    Status: Status option
    Wait: Wait option
    /// The children of a run, on the state where it stands.
    Children: Tally.Tally
    /// The workflows in the state.
    Tally: Tally.Tally
    Change: Changes.Change option
}

type TransitionView = {
    Transition: Transition
    Times: int
    /// Whether the definition has it; a person can move a run along others.
    Declared: bool
    /// May be taken next.
    Possible: bool
    /// How often it is taken, beside the one that is taken most: from 0 to 1.
    Traffic: float
    Change: Changes.Change option
}

type Mode =
    | OfDefinition
    | OfCounts
    | OfRun
    | OfComparison

type Picture = {
    States: StateView list
    Transitions: TransitionView list
    Mode: Mode
    /// The last good one of a text that has errors now.
    Stale: bool
}

module Mode =
    let word =
        function
        | OfDefinition -> "definition"
        | OfCounts -> "counts"
        | OfRun -> "run"
        | OfComparison -> "comparison"

module Phase =
    let word =
        function
        | Current -> "current"
        | Visited -> "visited"
        | Next -> "next"
        | Idle -> "idle"
