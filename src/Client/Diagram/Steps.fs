/// The target of an arrow key: along a transition from a state, or the nearest state on that side when none leads there.
module GopherFlow.Client.Diagram.Steps

open GopherFlow.Contract
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Layout

type Arrow =
    | Up
    | Below
    | Left
    | Beside

let ofKey (key: string) : Arrow option =
    match key with
    | "ArrowUp" -> Some Up
    | "ArrowDown" -> Some Below
    | "ArrowLeft" -> Some Left
    | "ArrowRight" -> Some Beside
    | _ -> None

/// The distance of a box in the direction of the arrow, and across it; None when it is not on that side.
let private distance (arrow: Arrow) (from: Box) (target: Box) : float option =
    let centre (box: Box) =
        box.X + box.Width / 2.0, box.Y + box.Height / 2.0

    let x, y = centre from
    let toX, toY = centre target

    let along, across =
        match arrow with
        | Up -> y - toY, toX - x
        | Below -> toY - y, toX - x
        | Left -> x - toX, toY - y
        | Beside -> toX - x, toY - y

    if along > 4.0 then Some(along + 2.0 * abs across) else None

let next (layout: Layout) (graph: Graph) (from: string) (arrow: Arrow) : string option =
    let linked =
        graph.Transitions
        |> List.collect (fun transition ->
            if transition.From = from then [ transition.To ]
            elif transition.To = from then [ transition.From ]
            else [])
        |> List.distinct

    let nearest (names: string list) =
        names
        |> List.choose (fun name ->
            match layout.Boxes.TryFind from, layout.Boxes.TryFind name with
            | Some here, Some there -> distance arrow here there |> Option.map (fun distance -> distance, name)
            | _ -> None)
        |> List.sortBy fst
        |> List.tryHead
        |> Option.map snd

    nearest linked
    |> Option.orElseWith (fun () -> nearest (graph.States |> List.map (fun state -> state.Name)))
