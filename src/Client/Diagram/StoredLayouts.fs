/// The layouts of this browser tab's session: a version that was drawn before appears at once, after a reload, too.
module GopherFlow.Client.Diagram.StoredLayouts

open GopherFlow.Client
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout

let private name (direction: Direction) (graph: Graph) =
    $"gopherflow.layout {graph.Type} {graph.Version} {direction}"

/// A layout and what it answers, for a newer console may ask for another one of the same version.
let private separator = "\n"

let tryFind (direction: Direction) (graph: Graph) (request: string) : Layout option =
    Browser.SessionStorage.tryGet (name direction graph)
    |> Option.bind (fun stored ->
        match stored.Split separator with
        | [| asked; layout |] when asked = request -> tryReadText layout
        | _ -> None)

let keep (direction: Direction) (graph: Graph) (request: string) (layout: Layout) : unit =
    Browser.SessionStorage.set (name direction graph) $"{request}{separator}{write layout}"
