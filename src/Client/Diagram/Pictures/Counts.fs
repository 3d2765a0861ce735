/// The picture of the number of workflows in each state, and of how often each transition is taken.
module GopherFlow.Client.Diagram.Pictures.Counts

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

/// The number of workflows of this version in each state.
let picture (graph: Graph) (counts: WorkflowCount list) : Picture =
    let byState =
        counts
        |> List.filter (fun count -> count.WorkflowType = graph.Type && count.Version = graph.Version)
        |> List.groupBy _.State
        |> Map.ofList

    let plain = Definition.picture graph

    let add (view: StateView) = {
        view with
            Tally = byState.TryFind view.Name |> Option.map Tally.ofCounts |> Option.defaultValue []
    }

    {
        plain with
            Mode = OfCounts
            States = List.map add plain.States
    }

/// Adds how often each transition was taken.
let withTraffic (taken: Map<string * string, int>) (picture: Picture) : Picture =
    let timesOf (transition: Transition) =
        taken |> Map.tryFind (transition.From, transition.To) |> Option.defaultValue 0

    let most =
        picture.Transitions
        |> List.map (fun view -> timesOf view.Transition)
        |> List.fold max 1

    let add (view: TransitionView) =
        let times = timesOf view.Transition

        {
            view with
                Times = times
                Traffic = float times / float most
        }

    {
        picture with
            Transitions = List.map add picture.Transitions
    }
