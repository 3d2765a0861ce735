/// What the diagram shows on top of a graph. The modules in Pictures create it: for a definition, for the number of workflows in
/// each state, for a run now or at a position of its history, for the differences between two versions, and for a draft.
module GopherFlow.Client.Diagram.Picture

open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph

/// The role of a state in a run.
type Phase =
    | Current
    | Visited
    | Next
    | Idle

type StateView = {
    Name: string
    Type: StateType
    /// The state's own rules as text, such as its retry and timeout.
    Rules: string list
    Phase: Phase
    Visits: int
    Retries: int
    Status: Status option
    Wait: Wait option
    /// The children of the run, on its current state.
    Children: Tally.Tally
    /// The number of workflows in the state.
    Tally: Tally.Tally
    Change: Changes.Change option
}

type TransitionView = {
    Transition: Transition
    Times: int
    /// Whether the definition has this transition; a user can also move a workflow along others.
    Declared: bool
    /// Whether it may be taken next.
    Possible: bool
    /// How often it is taken relative to the most frequent one: from 0 to 1.
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
    /// The last valid picture of a text that has errors now.
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
