/// A definition as a graph: its states in the order of flow and its transitions, each marked when it leads back.
module GopherFlow.Client.Diagram.Graph

open GopherFlow.Client.Api.Types

type Transition = {
    From: string
    To: string
    /// Leads back to a state that comes before it.
    Back: bool
}

type Graph = {
    Type: string
    Version: int
    Initial: string
    Retry: Retry
    States: State list
    Transitions: Transition list
}

module Transition =
    let id (transition: Transition) = $"{transition.From}->{transition.To}"

    let isLoop (transition: Transition) = transition.From = transition.To

// The order in which a depth-first walk leaves the states, reversed, puts each state before those it leads to;
// a transition to a state that the walk is still inside of leads back.
type private Walk = {
    Left: string list
    Seen: Set<string>
    Back: Set<string * string>
}

let private walkFrom (goesTo: Map<string, string list>) (initial: string) : Walk =
    let rec visit (inside: Set<string>) (walk: Walk) (name: string) : Walk =
        let inside = inside.Add name

        // Visited last to first, so that the first declared branch comes first in the order of flow.
        let walk =
            goesTo[name]
            |> List.rev
            |> List.fold
                (fun (walk: Walk) target ->
                    if inside.Contains target then
                        {
                            walk with
                                Back = walk.Back.Add(name, target)
                        }
                    elif walk.Seen.Contains target then
                        walk
                    else
                        visit inside walk target)
                { walk with Seen = walk.Seen.Add name }

        { walk with Left = name :: walk.Left }

    let nothing: Walk = {
        Left = []
        Seen = Set.empty
        Back = Set.empty
    }

    if goesTo.ContainsKey initial then
        visit Set.empty nothing initial
    else
        nothing

let ofDefinition (definition: Definition) : Graph =
    let known = definition.States |> List.map _.Name |> Set.ofList

    let goesTo =
        definition.States
        |> List.map (fun state -> state.Name, state.GoesTo |> List.filter known.Contains |> List.distinct)
        |> Map.ofList

    let walk = walkFrom goesTo definition.InitialState

    let unreached =
        definition.States |> List.map _.Name |> List.filter (walk.Seen.Contains >> not)

    let byName =
        definition.States |> List.map (fun state -> state.Name, state) |> Map.ofList

    let ordered = walk.Left @ unreached

    {
        Type = definition.Name
        Version = definition.Version
        Initial = definition.InitialState
        Retry = definition.Retry
        States = ordered |> List.map (fun name -> byName[name])
        Transitions = [
            for from in ordered do
                for target in goesTo[from] do
                    {
                        From = from
                        To = target
                        Back = walk.Back.Contains(from, target)
                    }
        ]
    }
