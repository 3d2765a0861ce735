/// Where things stand: the request that the layout engine gets for a graph, its answer as boxes and routes, and the
/// lines to draw along a route. Pure: the same graph and direction always give the same request.
module GopherFlow.Client.Diagram.Layout

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph

type Direction =
    | Down
    | Right

type Point = { X: float; Y: float }

type Box = {
    X: float
    Y: float
    Width: float
    Height: float
}

type Layout = {
    Width: float
    Height: float
    Boxes: Map<string, Box>
    /// The corners of each transition's line, by Transition.id.
    Routes: Map<string, Point list>
}

/// A name in full size has so many characters a line.
let columns = 28

/// A name that is made larger, for a picture that is made smaller, has fewer.
let largeColumns (width: float) : int = int ((width - 26.0) / 15.5)

// Room at the sides, and for the mark of the type.
let private beside = 38.0

/// Wide enough for "attempt 2 of 11 in 49 s".
let private narrowest = 192.0

/// Wide enough for the name and for what stands under it; what is very long is cut off by the drawing.
let nodeWidth (state: State) : float =
    let below = String.concat " · " (state.Type :: Rules.ofState state)
    let longest = Label.lines columns state.Name |> List.map _.Length |> List.max

    max (float longest * 8.9) (float below.Length * 6.2) + beside
    |> max narrowest
    |> min 288.0

/// High enough for the lines of the name.
let nodeHeight (state: State) : float =
    match Label.lines columns state.Name with
    | [ _ ] -> 56.0
    | _ -> 68.0

let private options (direction: Direction) =
    createObj [
        "elk.algorithm", "layered"
        "elk.direction",
        (match direction with
         | Down -> "DOWN"
         | Right -> "RIGHT")
        "elk.edgeRouting", "ORTHOGONAL"
        "elk.randomSeed", "1"
        "elk.padding", "[top=16,left=16,bottom=16,right=16]"
        "elk.spacing.nodeNode", "40"
        "elk.spacing.edgeNode", "24"
        "elk.spacing.edgeEdge", "16"
        "elk.spacing.nodeSelfLoop", "24"
        "elk.layered.spacing.nodeNodeBetweenLayers", "44"
        "elk.layered.spacing.edgeNodeBetweenLayers", "20"
        "elk.layered.spacing.edgeEdgeBetweenLayers", "16"
        // The order of flow decides what is before what; the engine would otherwise choose for itself.
        "elk.layered.cycleBreaking.strategy", "MODEL_ORDER"
        "elk.layered.considerModelOrder.strategy", "NODES_AND_EDGES"
        // Minds which transitions are to be straight, at about the price of the other strategies.
        "elk.layered.nodePlacement.strategy", "NETWORK_SIMPLEX"
        "elk.layered.thoroughness", "3"
    ]

let request (direction: Direction) (graph: Graph) : obj =
    let firsts =
        graph.Transitions
        |> List.filter (Transition.isLoop >> not)
        |> List.distinctBy _.From
        |> List.map Transition.id
        |> Set.ofList

    createObj [
        "id", box "root"
        "layoutOptions", options direction
        "children",
        [|
            for state in graph.States ->
                createObj [
                    "id", box state.Name
                    "width", box (nodeWidth state)
                    "height", box (nodeHeight state)
                ]
        |]
        |> box
        "edges",
        [|
            for transition in graph.Transitions ->
                createObj [
                    "id", box (Transition.id transition)
                    "sources", box [| transition.From |]
                    "targets", box [| transition.To |]
                    // The way that is declared first at each state runs straight.
                    if firsts.Contains(Transition.id transition) then
                        "layoutOptions", createObj [ "elk.layered.priority.straightness", box "1000" ]
                ]
        |]
        |> box
    ]

let private point (value: obj) : Point = { X = value?x; Y = value?y }

let private route (edge: obj) : Point list =
    let sections: obj[] =
        if isNullOrUndefined edge?sections then
            [||]
        else
            edge?sections

    [
        for section in sections do
            point section?startPoint

            if not (isNullOrUndefined section?bendPoints) then
                for bend: obj in unbox<obj[]> section?bendPoints do
                    point bend

            point section?endPoint
    ]

let read (answer: obj) : Layout = {
    Width = answer?width
    Height = answer?height
    Boxes =
        unbox<obj[]> answer?children
        |> Array.map (fun node ->
            unbox<string> node?id,
            {
                X = node?x
                Y = node?y
                Width = node?width
                Height = node?height
            })
        |> Map.ofArray
    Routes =
        unbox<obj[]> answer?edges
        |> Array.map (fun edge -> unbox<string> edge?id, route edge)
        |> Map.ofArray
}

let private centre (box: Box) : Point = {
    X = box.X + box.Width / 2.0
    Y = box.Y + box.Height / 2.0
}

/// Where a line from the centre of a box towards a point leaves it.
let private border (box: Box) (target: Point) : Point =
    let middle = centre box
    let acrossX, acrossY = target.X - middle.X, target.Y - middle.Y

    let share =
        min
            (if acrossX = 0.0 then
                 infinity
             else
                 box.Width / 2.0 / abs acrossX)
            (if acrossY = 0.0 then
                 infinity
             else
                 box.Height / 2.0 / abs acrossY)
        |> min 1.0

    {
        X = middle.X + acrossX * share
        Y = middle.Y + acrossY * share
    }

/// The line of a transition: the one that the engine found, or a straight one where the definition has no such transition.
let routeOf (layout: Layout) (transition: Transition) : Point list option =
    match
        layout.Routes.TryFind(Transition.id transition),
        layout.Boxes.TryFind transition.From,
        layout.Boxes.TryFind transition.To
    with
    | Some route, _, _ -> Some route
    | None, Some from, Some target when transition.From <> transition.To ->
        Some [ border from (centre target); border target (centre from) ]
    | _ -> None

/// A layout as text, to be kept by the browser.
let write (layout: Layout) : string =
    createObj [
        "width", box layout.Width
        "height", box layout.Height
        "children",
        [|
            for KeyValue(name, place) in layout.Boxes ->
                createObj [
                    "id", box name
                    "x", box place.X
                    "y", box place.Y
                    "width", box place.Width
                    "height", box place.Height
                ]
        |]
        |> box
        "edges",
        [|
            for KeyValue(id, route) in layout.Routes ->
                createObj [
                    "id", box id
                    "points", box [| for point in route -> [| point.X; point.Y |] |]
                ]
        |]
        |> box
    ]
    |> JS.JSON.stringify

/// What `write` has written; None for anything else.
let tryReadText (text: string) : Layout option =
    try
        let stored = JS.JSON.parse text

        let bare =
            read (
                createObj [
                    "width", stored?width
                    "height", stored?height
                    "children", stored?children
                    "edges", box [||]
                ]
            )

        Some {
            bare with
                Routes =
                    unbox<obj[]> stored?edges
                    |> Array.map (fun edge ->
                        let points: float[][] = edge?points
                        unbox<string> edge?id, [ for point in points -> { X = point[0]; Y = point[1] } ])
                    |> Map.ofArray
        }
    with _ ->
        None
