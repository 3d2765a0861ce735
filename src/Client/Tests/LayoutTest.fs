module GopherFlow.Client.Tests.LayoutTest

open GopherFlow.Contract
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout
open GopherFlow.Client.Tests.Samples

let private layoutOf (direction: Direction) (definition: Definition) : Layout =
    Layouts.compute direction (Graph.ofDefinition definition)

/// Small and large graphs, simple and tangled, with loops and unreachable states.
let private random = [
    for seed in 1..8 do
        for count in [ 1; 2; 5; 12; 40 ] do
            Graphs.sized count seed

        Graphs.tangled 20 seed
        Graphs.loose 15 seed
]

let private samples = [ parent; order; long; yield! random ]

let private overlap (a: Box) (b: Box) =
    a.X < b.X + b.Width
    && b.X < a.X + a.Width
    && a.Y < b.Y + b.Height
    && b.Y < a.Y + a.Height

/// Whether a straight part of a route passes through the inside of a box.
let private crosses (box: Box) (a: Point, b: Point) =
    min a.X b.X < box.X + box.Width - 1.0
    && max a.X b.X > box.X + 1.0
    && min a.Y b.Y < box.Y + box.Height - 1.0
    && max a.Y b.Y > box.Y + 1.0

let private statesApart (layout: Layout) : unit =
    let boxes = Map.toList layout.Boxes

    for name, box in boxes do
        for other, otherBox in boxes do
            if name < other then
                isTrue $"{name} covers {other}" (not (overlap box otherBox))

let private linesAround (layout: Layout) : unit =
    for KeyValue(id, route) in layout.Routes do
        isTrue $"{id} has a route" (route.Length >= 2)

        for part in List.pairwise route do
            for KeyValue(name, box) in layout.Boxes do
                isTrue $"{id} goes through {name}" (not (crosses box part))

/// The states along the first transitions that do not lead back.
let private mainPath (graph: Graph) : string list =
    let rec follow (name: string) : string list =
        graph.Transitions
        |> List.tryFind (fun transition -> transition.From = name && not transition.Back)
        |> function
            | Some transition -> name :: follow transition.To
            | None -> [ name ]

    follow graph.Initial

let private centre (direction: Direction) (box: Box) =
    match direction with
    | Down -> box.X + box.Width / 2.0
    | Right -> box.Y + box.Height / 2.0

for direction in [ Down; Right ] do
    test $"laid out {direction}, each state has one box and each transition one line" (fun () ->
        for sample in samples do
            let graph = Graph.ofDefinition sample
            let layout = layoutOf direction sample
            equal (graph.States |> List.map _.Name |> Set.ofList) (layout.Boxes |> Map.keys |> Set.ofSeq)
            equal (graph.Transitions |> List.map Transition.id |> Set.ofList) (layout.Routes |> Map.keys |> Set.ofSeq))

    test $"laid out {direction}, no state covers another" (fun () ->
        for sample in samples do
            statesApart (layoutOf direction sample))

    test $"laid out {direction}, no line goes through a state" (fun () ->
        for sample in samples do
            linesAround (layoutOf direction sample))

    test $"laid out {direction}, everything is within the drawing" (fun () ->
        for sample in samples do
            let layout = layoutOf direction sample

            let isWithin (point: Point) =
                point.X >= 0.0
                && point.X <= layout.Width
                && point.Y >= 0.0
                && point.Y <= layout.Height

            for KeyValue(id, route) in layout.Routes do
                isTrue $"{sample.Name} {id}" (List.forall isWithin route)

            for KeyValue(name, box) in layout.Boxes do
                isTrue
                    $"{sample.Name} {name}"
                    (isWithin { X = box.X; Y = box.Y }
                     && isWithin {
                         X = box.X + box.Width
                         Y = box.Y + box.Height
                     }))

    test $"laid out {direction}, the main path is straight" (fun () ->
        for sample in samples do
            let layout = layoutOf direction sample
            let way = mainPath (Graph.ofDefinition sample)

            for name in way do
                equal (centre direction layout.Boxes[way.Head]) (centre direction layout.Boxes[name])

            for from, target in List.pairwise way do
                equal 2 layout.Routes[$"{from}->{target}"].Length)

    test $"laid out {direction}, forward transitions follow the flow" (fun () ->
        for sample in samples do
            let layout = layoutOf direction sample

            let first, last =
                match direction with
                | Down -> (fun (box: Box) -> box.Y), (fun (box: Box) -> box.Y + box.Height)
                | Right -> (fun (box: Box) -> box.X), (fun (box: Box) -> box.X + box.Width)

            for transition in (Graph.ofDefinition sample).Transitions do
                if not transition.Back then
                    isTrue
                        $"{sample.Name} {Transition.id transition}"
                        (last layout.Boxes[transition.From] < first layout.Boxes[transition.To]))

    test $"laid out {direction}, lines begin and end at the borders of their states" (fun () ->
        let isOnBorder (box: Box) (point: Point) =
            let within = point.X >= box.X && point.X <= box.X + box.Width
            let besides = point.Y >= box.Y && point.Y <= box.Y + box.Height
            let onX = point.X = box.X || point.X = box.X + box.Width
            let onY = point.Y = box.Y || point.Y = box.Y + box.Height
            (onX && besides) || (onY && within)

        for sample in samples do
            let layout = layoutOf direction sample

            for transition in (Graph.ofDefinition sample).Transitions do
                let id = Transition.id transition
                let route = layout.Routes[id]
                isTrue $"{sample.Name} {id} begins" (isOnBorder layout.Boxes[transition.From] route.Head)
                isTrue $"{sample.Name} {id} ends" (isOnBorder layout.Boxes[transition.To] (List.last route)))

    test $"laid out {direction}, a definition always looks the same" (fun () ->
        for sample in samples do
            equal (layoutOf direction sample) (layoutOf direction sample))

/// The number of crossings: vertical parts through horizontal ones.
let private crossings (layout: Layout) : int =
    let lines =
        layout.Routes
        |> Map.toList
        |> List.map (fun (id, route) -> id, List.pairwise route)

    let cross (a: Point, b: Point) (c: Point, d: Point) =
        a.X = b.X
        && c.Y = d.Y
        && min c.X d.X < a.X
        && a.X < max c.X d.X
        && min a.Y b.Y < c.Y
        && c.Y < max a.Y b.Y

    List.sum [
        for id, parts in lines do
            for other, otherParts in lines do
                if id <> other then
                    parts
                    |> List.sumBy (fun part -> otherParts |> List.filter (cross part) |> List.length)
    ]

test "lines cross no more often than in ELK's layout" (fun () ->
    // The crossings of ELK's layered layout for the same graphs, with network simplex and straight first transitions.
    let made = [
        Graphs.tangled 40 1, 48
        Graphs.tangled 40 2, 33
        Graphs.tangled 40 3, 51
        Graphs.sized 40 2, 7
        Graphs.sized 100 2, 23
        long, 6
    ]

    for sample, most in made do
        let count = crossings (layoutOf Down sample)
        isTrue $"{sample.Name}: {count}, not {most}" (count <= most))

test "lines do not overlap" (fun () ->
    let cover (a: Point, b: Point) (c: Point, d: Point) =
        let overlap a b c d =
            min (max a b) (max c d) - max (min a b) (min c d) > 1.0

        (a.X = b.X && c.X = d.X && abs (a.X - c.X) < 3.0 && overlap a.Y b.Y c.Y d.Y)
        || (a.Y = b.Y && c.Y = d.Y && abs (a.Y - c.Y) < 3.0 && overlap a.X b.X c.X d.X)

    for sample in samples do
        let lines = (layoutOf Down sample).Routes |> Map.toList

        for id, route in lines do
            for other, otherRoute in lines do
                if id < other then
                    for part in List.pairwise route do
                        for otherPart in List.pairwise otherRoute do
                            isTrue $"{sample.Name}: {id} covers {other}" (not (cover part otherPart)))

test "the layout does not depend on the order of the states" (fun () ->
    let straight = layoutOf Down order

    let shuffled =
        layoutOf Down {
            order with
                States = List.rev order.States
        }

    equal straight shuffled)

test "the flow goes down or to the right" (fun () ->
    let down = layoutOf Down parent
    let right = layoutOf Right parent
    isTrue "down" (down.Boxes["ParentInit"].Y < down.Boxes["ParentFinish"].Y)
    isTrue "right" (right.Boxes["ParentInit"].X < right.Boxes["ParentFinish"].X))

test "a loop begins and ends at its state" (fun () ->
    let layout = layoutOf Down parent
    let box = layout.Boxes["ParentWaitForChildren"]
    let loop = layout.Routes["ParentWaitForChildren->ParentWaitForChildren"]

    let isOnBorder (point: Point) =
        let onX = point.X = box.X || point.X = box.X + box.Width
        let onY = point.Y = box.Y || point.Y = box.Y + box.Height
        onX || onY

    isTrue "begins at the state" (isOnBorder loop.Head)
    isTrue "ends at the state" (isOnBorder (List.last loop))
    isTrue "goes around a corner" (loop.Length >= 4))

test "a state is wide enough for its rules" (fun () ->
    let strict = {
        state "A" Normal [] with
            Retry = Some retry
            TimeoutSeconds = Some 90.0
    }

    isTrue "wider" (nodeWidth strict > nodeWidth (state "A" Normal [])))

test "the exported drawing has every state and escapes names" (fun () ->
    let odd =
        definition "A<B>" [ state "In & <out>" Start [ "End" ]; state "End" End [] ]

    let graph = Graph.ofDefinition odd
    let layout = layoutOf Down odd
    let svg = Export.svg graph (Pictures.Definition.picture graph) layout
    isTrue "escaped" (svg.Contains "In &amp; &lt;out&gt;" && not (svg.Contains "<out>"))
    isTrue "arrow" (svg.Contains(Route.arrow layout.Routes["In & <out>->End"])))

test "a stored layout is read back unchanged" (fun () ->
    let layout = layoutOf Right order
    equal (Some layout) (StoredLayouts.tryRead (StoredLayouts.write layout))
    equal None (StoredLayouts.tryRead "{}"))

test "a name on two lines makes a state higher, but no wider than the maximum" (fun () ->
    let long = state "ReserveInventoryForBackorderedItemsInWarehouseNorth" Normal []
    let short = state "Ship" Normal []
    isTrue "higher" (nodeHeight long > nodeHeight short)
    isTrue "not wider" (nodeWidth long <= 288.0))

test "the path along the first transitions is straight" (fun () ->
    let layout = layoutOf Down long

    let firsts =
        long.States
        |> List.choose (fun state ->
            state.GoesTo
            |> List.tryHead
            |> Option.map (fun target -> $"{state.Name}->{target}"))

    let bent = firsts |> List.filter (fun id -> layout.Routes[id].Length > 2)
    equal [] bent)
