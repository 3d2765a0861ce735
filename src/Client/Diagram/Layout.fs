/// The result of a layout: the boxes and routes of a graph, and the size of each state.
module GopherFlow.Client.Diagram.Layout

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

/// The characters in one line of a name at full size.
let columns = 28

/// The characters in one line of an enlarged name, as small zooms show it.
let largeColumns (width: float) : int = int ((width - 26.0) / 15.5)

// Space at the sides and for the type marker.
let private beside = 38.0

/// Enough for "attempt 2 of 11 in 49 s".
let private narrowest = 192.0

/// Enough for the name and the text below it. Very long texts are cut off when drawn.
let nodeWidth (state: State) : float =
    let below = String.concat " · " (state.Type :: Rules.ofState state)
    let longest = Label.lines columns state.Name |> List.map _.Length |> List.max

    max (float longest * 8.9) (float below.Length * 6.2) + beside
    |> max narrowest
    |> min 288.0

/// Enough for the lines of the name.
let nodeHeight (state: State) : float =
    match Label.lines columns state.Name with
    | [ _ ] -> 56.0
    | _ -> 68.0

let private centre (box: Box) : Point = {
    X = box.X + box.Width / 2.0
    Y = box.Y + box.Height / 2.0
}

/// The point where a line from the centre of a box towards a point leaves the box.
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

/// The line of a transition: from the layout, or a straight one if the definition does not have the transition.
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
