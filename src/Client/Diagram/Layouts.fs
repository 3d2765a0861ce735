/// The layout of a graph: levels along the flow, few crossings, a straight main path. It is computed once for each graph and
/// direction.
module GopherFlow.Client.Diagram.Layouts

open System.Collections.Generic
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Diagram.Layered
open GopherFlow.Client.Diagram.Layered.Net
open GopherFlow.Client.Diagram.Layered.Lines

let private margin = 16.0

let private netOf (direction: Direction) (graph: Graph) : Net =
    let places =
        graph.States |> List.mapi (fun place state -> state.Name, place) |> Map.ofList

    let loops =
        graph.Transitions
        |> List.filter Transition.isLoop
        |> List.map _.From
        |> Set.ofList

    {
        Sizes = [|
            for state in graph.States do
                let width, height = nodeWidth state, nodeHeight state

                {
                    Across = if direction = Down then width else height
                    Along = if direction = Down then height else width
                    Loop = loops.Contains state.Name
                }
        |]
        Edges = [|
            for transition in graph.Transitions do
                if not (Transition.isLoop transition) then
                    {
                        From = places[transition.From]
                        To = places[transition.To]
                        Back = transition.Back
                    }
        |]
    }

let private draw (net: Net) : Drawing =
    let levels = Levels.ofNet net
    let rows = levels |> Order.ofLevels |> Reroute.all levels
    let blocks = Blocks.ofRows levels rows
    let ports = Ports.ofBlocks levels rows blocks
    let places = Place.ofBlocks levels rows blocks ports
    Slide.ports levels blocks places ports |> Lines.draw levels places

/// Computes the layout without the caches.
let compute (direction: Direction) (graph: Graph) : Layout =
    let net = netOf direction graph
    let drawing = draw net
    let loops, others = graph.Transitions |> List.partition Transition.isLoop

    let routes = [
        for transition, route in List.zip others (List.ofArray drawing.Routes) do
            Transition.id transition, route

        for transition in loops do
            let place =
                graph.States |> List.findIndex (fun state -> state.Name = transition.From)

            Transition.id transition, loop drawing.Boxes[place] net.Sizes[place]
    ]

    let corners =
        Array.append
            (routes |> List.map snd |> Array.concat)
            (Array.map2
                (fun (box: Spot) (size: Size) -> {
                    Across = box.Across + size.Across
                    Along = box.Along + size.Along
                })
                drawing.Boxes
                net.Sizes)

    let least = drawing.Boxes |> Array.append corners |> Array.map _.Across |> Array.min

    let point (spot: Spot) : Point =
        let across, along = spot.Across - least + margin, spot.Along + margin

        match direction with
        | Down -> { X = across; Y = along }
        | Right -> { X = along; Y = across }

    let far = {
        Across = corners |> Array.map _.Across |> Array.max
        Along = corners |> Array.map _.Along |> Array.max
    }

    {
        Width = (point far).X + margin
        Height = (point far).Y + margin
        Boxes =
            graph.States
            |> List.mapi (fun place state ->
                let corner = point drawing.Boxes[place]

                state.Name,
                {
                    X = corner.X
                    Y = corner.Y
                    Width = nodeWidth state
                    Height = nodeHeight state
                })
            |> Map.ofList
        Routes =
            routes
            |> List.map (fun (id, route) -> id, route |> Array.map point |> List.ofArray)
            |> Map.ofList
    }

let private known = Dictionary<string, Layout>()

/// The input of a layout as text. If the graph differs, or a newer console sizes states differently, the layout is computed
/// again.
let private asked (direction: Direction) (graph: Graph) : string =
    let states =
        graph.States
        |> List.map (fun state -> $"{state.Name} {nodeWidth state} {nodeHeight state}")

    let transitions =
        graph.Transitions
        |> List.map (fun transition -> $"{Transition.id transition} {transition.Back}")

    String.concat ";" (string direction :: states @ transitions)

let private computeAndKeep (direction: Direction) (graph: Graph) (asked: string) : Layout =
    let layout = compute direction graph
    StoredLayouts.keep direction graph asked layout
    layout

/// The layout from memory, or from the tab's session storage, or computed.
let layout (direction: Direction) (graph: Graph) : Layout =
    let asked = asked direction graph

    match known.TryGetValue asked with
    | true, layout -> layout
    | _ ->
        let layout =
            StoredLayouts.tryFind direction graph asked
            |> Option.defaultWith (fun () -> computeAndKeep direction graph asked)

        known[asked] <- layout
        layout
