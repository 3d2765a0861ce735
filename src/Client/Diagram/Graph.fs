/// A definition as a graph: its states in the order of the flow, and its transitions, each marked if it leads back.
module GopherFlow.Client.Diagram.Graph

open GopherFlow.Contract
open GopherFlow.Client.Api.Types

type Transition = {
    From: string
    To: string
    /// Leads back to an earlier state.
    Back: bool
    /// Leads to the state that undoes the other; no run takes this edge.
    Undoes: bool
}

type Graph = {
    Type: string
    Version: string
    Initial: string
    Retry: Retry
    States: State list
    Transitions: Transition list
}

module Transition =
    let id (transition: Transition) = $"{transition.From}->{transition.To}"

    let isLoop (transition: Transition) = transition.From = transition.To

type private Walk = {
    /// The states in reverse postorder.
    Order: string list
    Seen: Set<string>
    /// Transitions to a state that was still being visited.
    Back: Set<string * string>
}

/// A depth-first walk along the transitions in the given order, from each start in turn.
let private walkFrom (goesTo: Map<string, string list>) (starts: string list) : Walk =
    let rec visit (inside: Set<string>) (walk: Walk) (name: string) : Walk =
        let inside = inside.Add name

        let follow (walk: Walk) (target: string) : Walk =
            if inside.Contains target then
                {
                    walk with
                        Back = walk.Back.Add(name, target)
                }
            elif walk.Seen.Contains target then
                walk
            else
                visit inside walk target

        let entered = { walk with Seen = walk.Seen.Add name }

        let left = List.fold follow entered goesTo[name]
        { left with Order = name :: left.Order }

    let nothing: Walk = {
        Order = []
        Seen = Set.empty
        Back = Set.empty
    }

    starts
    |> List.filter goesTo.ContainsKey
    |> List.fold
        (fun walk start ->
            if walk.Seen.Contains start then
                walk
            else
                visit Set.empty walk start)
        nothing

/// A walk in the order of declaration finds the transitions that lead back. Without them, a walk that takes the last branch first
/// puts each state before its targets, and the first branch first.
let private flow
    (goesTo: Map<string, string list>)
    (initial: string)
    (others: string list)
    : string list * Set<string * string> =
    let back = (walkFrom goesTo (initial :: others)).Back

    let forward =
        goesTo
        |> Map.map (fun name targets ->
            targets
            |> List.filter (fun target -> not (back.Contains(name, target)))
            |> List.rev)

    (walkFrom forward [ initial ]).Order, back

let ofDefinition (definition: Definition) : Graph =
    let known = definition.States |> List.map _.Name |> Set.ofList

    let goesTo =
        definition.States
        |> List.map (fun state ->
            let targets = state.GoesTo @ Option.toList state.CompensatedBy
            state.Name, targets |> List.filter known.Contains |> List.distinct)
        |> Map.ofList

    let names = definition.States |> List.map _.Name
    let reached, back = flow goesTo definition.InitialState names
    let unreached = names |> List.except reached

    let byName =
        definition.States |> List.map (fun state -> state.Name, state) |> Map.ofList

    let ordered = reached @ unreached

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
                        Back = back.Contains(from, target)
                        Undoes = not (List.contains target byName[from].GoesTo)
                    }
        ]
    }

/// Two versions merged into one graph.
let ofComparison (before: Definition) (after: Definition) : Graph =
    ofDefinition (Changes.merged before after)
