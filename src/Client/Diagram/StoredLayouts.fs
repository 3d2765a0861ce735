/// Layouts in the session storage of the tab: a version that was drawn before appears at once, even after a reload.
module GopherFlow.Client.Diagram.StoredLayouts

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout

let write (layout: Layout) : string =
    createObj [
        "width", box layout.Width
        "height", box layout.Height
        "boxes",
        [|
            for KeyValue(name, place) in layout.Boxes ->
                box [| box name; box place.X; box place.Y; box place.Width; box place.Height |]
        |]
        |> box
        "routes",
        [|
            for KeyValue(id, route) in layout.Routes ->
                box [| box id; box [| for point in route -> [| point.X; point.Y |] |] |]
        |]
        |> box
    ]
    |> JS.JSON.stringify

let private readBox (stored: obj[]) : string * Box =
    unbox stored[0],
    {
        X = unbox stored[1]
        Y = unbox stored[2]
        Width = unbox stored[3]
        Height = unbox stored[4]
    }

let private readRoute (stored: obj[]) : string * Point list =
    unbox stored[0], [ for point in unbox<float[][]> stored[1] -> { X = point[0]; Y = point[1] } ]

/// Reads what `write` has written; None for anything else.
let tryRead (text: string) : Layout option =
    try
        let stored = JS.JSON.parse text

        Some {
            Width = stored?width
            Height = stored?height
            Boxes = unbox<obj[][]> stored?boxes |> Array.map readBox |> Map.ofArray
            Routes = unbox<obj[][]> stored?routes |> Array.map readRoute |> Map.ofArray
        }
    with _ ->
        None

let private name (direction: Direction) (graph: Graph) =
    $"gopherflow.layout {graph.Type} {graph.Version} {direction}"

/// Between the input of a layout and the layout.
let private separator = "\n"

let tryFind (direction: Direction) (graph: Graph) (asked: string) : Layout option =
    Browser.SessionStorage.tryGet (name direction graph)
    |> Option.bind (fun stored ->
        match stored.Split separator with
        | [| answers; layout |] when answers = asked -> tryRead layout
        | _ -> None)

let keep (direction: Direction) (graph: Graph) (asked: string) (layout: Layout) : unit =
    Browser.SessionStorage.set (name direction graph) $"{asked}{separator}{write layout}"
