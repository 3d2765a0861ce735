/// SVG paths for the line and the arrow of a route.
module GopherFlow.Client.Diagram.Route

open GopherFlow.Client.Diagram.Layout

let private distance (a: Point) (b: Point) =
    sqrt ((a.X - b.X) ** 2.0 + (a.Y - b.Y) ** 2.0)

/// The point at a distance from one point in the direction of another.
let private towards (from: Point) (target: Point) (length: float) : Point =
    let whole = distance from target

    if whole = 0.0 then
        from
    else
        let share = length / whole

        {
            X = from.X + (target.X - from.X) * share
            Y = from.Y + (target.Y - from.Y) * share
        }

let private number (value: float) =
    string (System.Math.Round(value * 10.0) / 10.0)

let private at (point: Point) = $"{number point.X} {number point.Y}"

let private arrowLength = 8.0
let private arrowHalf = 4.0
let private cornerRadius = 8.0

let private corner (before: Point) (here: Point) (after: Point) : string =
    let radius =
        [ cornerRadius; distance before here / 2.0; distance here after / 2.0 ]
        |> List.min

    $" L {at (towards here before radius)} Q {at here} {at (towards here after radius)}"

/// The SVG path of the line, with rounded corners. It ends where the arrow begins.
let line (points: Point list) : string =
    match points with
    | []
    | [ _ ] -> ""
    | first :: _ ->
        let corners =
            points
            |> List.windowed 3
            |> List.map (fun three -> corner three[0] three[1] three[2])
            |> String.concat ""

        let last = List.last points
        let previous = points[points.Length - 2]
        $"M {at first}{corners} L {at (towards last previous (arrowLength - 1.0))}"

/// The SVG path of the arrowhead at the end of the route.
let arrow (points: Point list) : string =
    match List.rev points with
    | tip :: previous :: _ ->
        let foot = towards tip previous arrowLength
        let acrossX = (tip.Y - foot.Y) / arrowLength * arrowHalf
        let acrossY = (foot.X - tip.X) / arrowLength * arrowHalf

        let left = {
            X = foot.X + acrossX
            Y = foot.Y + acrossY
        }

        let right = {
            X = foot.X - acrossX
            Y = foot.Y - acrossY
        }

        $"M {at tip} L {at left} L {at right} Z"
    | _ -> ""

/// The position of the label: beside the middle of the longest straight part of the route.
let label (isLoop: bool) (points: Point list) : Point option =
    match List.pairwise points with
    | [] -> None
    | parts when isLoop ->
        // The second straight part of a loop is its far side; the label goes outside of it.
        let near = points.Head
        let a, b = parts[parts.Length / 2]

        let middle = {
            X = (a.X + b.X) / 2.0
            Y = (a.Y + b.Y) / 2.0
        }

        Some {
            X = middle.X + float (sign (middle.X - near.X)) * 11.0
            Y =
                if a.Y = b.Y then
                    middle.Y + float (sign (middle.Y - near.Y)) * 10.0
                else
                    middle.Y
        }
    | parts ->
        let a, b = parts |> List.maxBy (fun (a, b) -> distance a b)
        let isUpright = abs (a.X - b.X) < abs (a.Y - b.Y)

        Some {
            X = (a.X + b.X) / 2.0 + (if isUpright then 12.0 else 0.0)
            Y = (a.Y + b.Y) / 2.0 - (if isUpright then 0.0 else 10.0)
        }
