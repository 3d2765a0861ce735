/// The picture of the differences between two versions.
module GopherFlow.Client.Diagram.Pictures.Comparison

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

/// The merged picture of two versions, for the graph from Graph.ofComparison of the same two.
let picture (before: Definition) (after: Definition) : Picture =
    let plain = Definition.picture (Graph.ofComparison before after)
    let states = Changes.ofStates before after
    let transitions = Changes.ofTransitions before after

    {
        plain with
            Mode = OfComparison
            States =
                plain.States
                |> List.map (fun view -> {
                    view with
                        Change = states.TryFind view.Name
                })
            Transitions =
                plain.Transitions
                |> List.map (fun view -> {
                    view with
                        Change = transitions.TryFind(view.Transition.From, view.Transition.To)
                })
    }
