/// The picture of a definition alone.
module GopherFlow.Client.Diagram.Pictures.Definition

open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

let picture (graph: Graph) : Picture = {
    Mode = OfDefinition
    Stale = false
    States =
        graph.States
        |> List.map (fun state -> {
            Name = state.Name
            Type = State.kind state
            Rules = Rules.ofState state
            Phase = Idle
            Visits = 0
            Retries = 0
            Status = None
            Wait = None
            Children = []
            Tally = []
            Change = None
        })
    Transitions =
        graph.Transitions
        |> List.map (fun transition -> {
            Transition = transition
            Times = 0
            Declared = true
            Possible = false
            Traffic = 0.0
            Change = None
        })
}
