/// Positions: the size of each state, and the boxes and routes of a graph that is laid out.
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

/// Characters in a line of a name in full size.
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

/// The line of a transition: the one that was laid out, or a straight one where the definition has no such transition.
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
