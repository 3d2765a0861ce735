/// Computes the positions of the boxes and the corners of the edges from the order, the positions across the flow and the tracks.
module GopherFlow.Client.Diagram.Layered.Lines

open GopherFlow.Client.Diagram.Layered.Net
open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Ports
open GopherFlow.Client.Diagram.Layered.Tracks

/// A position across the flow and along it.
[<Struct>]
type Spot = { Across: float; Along: float }

type Drawing = {
    /// The corner of each box with the smallest coordinates.
    Boxes: Spot[]
    /// The corners of each edge, from its source to its target.
    Routes: Spot[][]
}

let private leastGap = 44.0
let private besideLevel = 20.0
let private betweenTracks = 12.0
/// How far a loop extends, and half the distance between its two ends.
let private loopOut = 22.0
let private loopHalf = 11.0

let private levelCount (levels: Levels) = Array.max levels.Level + 1

let private trackAlong (track: int) =
    besideLevel + betweenTracks * float track

/// The start and the end of a level along the flow.
type private Band = { From: float; To: float }

let private bands (levels: Levels) (tracks: int[]) : Band[] =
    let heights =
        levels.Net.Sizes
        |> Array.mapi (fun state size -> levels.Level[state], size.Along)
        |> grouped (levelCount levels)
        |> Array.map (Array.fold max 0.0)

    heights
    |> Array.mapFold
        (fun (level, from) height ->
            let gap = max leastGap (trackAlong (tracks[level] - 1) + besideLevel)
            { From = from; To = from + height }, (level + 1, from + height + gap))
        (0, 0.0)
    |> fst

let private isStraight (a: Spot) (b: Spot) (c: Spot) =
    (a.Across = b.Across && b.Across = c.Across)
    || (a.Along = b.Along && b.Along = c.Along)

let private withoutIdle (corners: Spot list) : Spot list =
    let add (corners: Spot list) (corner: Spot) =
        match corners with
        | last :: _ when last = corner -> corners
        | last :: before :: rest when isStraight before last corner -> corner :: before :: rest
        | _ -> corner :: corners

    corners |> List.fold add [] |> List.rev

let draw (levels: Levels) (places: float[]) (ports: Ports) : Drawing =
    let top (segment: Segment) =
        places[segment.Upper] + ports.Leaving[segment.Id]

    let bottom (segment: Segment) =
        places[segment.Lower] + ports.Arriving[segment.Id]

    let tracksOf =
        levels.Segments
        |> Array.map (fun segment -> levels.Level[segment.Upper], segment)
        |> grouped (levelCount levels)
        |> Array.map (fun segments ->
            segments
            |> Array.filter (fun segment -> abs (top segment - bottom segment) > 0.01)
            |> Array.map (fun segment -> {
                Segment = segment
                Top = top segment
                Bottom = bottom segment
            })
            |> List.ofArray
            |> ofCrossings)

    let bands = bands levels (Array.map snd tracksOf)

    let boxes =
        levels.Net.Sizes
        |> Array.mapi (fun state size ->
            let band = bands[levels.Level[state]]

            {
                Across = places[state] - size.Across / 2.0
                Along = (band.From + band.To - size.Along) / 2.0
            })

    let ends (segment: Segment) = [
        let level = levels.Level[segment.Upper]

        if isState levels segment.Upper then
            {
                Across = top segment
                Along = boxes[segment.Upper].Along + levels.Net.Sizes[segment.Upper].Along
            }

        match (fst tracksOf[level]).TryFind segment.Id with
        | Some track ->
            let along = bands[level].To + trackAlong track

            { Across = top segment; Along = along }

            {
                Across = bottom segment
                Along = along
            }
        | None -> ()

        if isState levels segment.Lower then
            {
                Across = bottom segment
                Along = boxes[segment.Lower].Along
            }
    ]

    let segmentsOf =
        levels.Segments
        |> Array.map (fun segment -> segment.Edge, segment)
        |> grouped levels.Net.Edges.Length

    let routeOf (edge: int) : Spot[] =
        let downwards = segmentsOf[edge] |> List.ofArray |> List.collect ends |> withoutIdle

        (if levels.Net.Edges[edge].Back then
             List.rev downwards
         else
             downwards)
        |> Array.ofList

    {
        Boxes = boxes
        Routes = Array.init levels.Net.Edges.Length routeOf
    }

/// The corners of a loop, which is drawn at the far side of its box.
let loop (box: Spot) (size: Size) : Spot[] =
    let side = box.Across + size.Across
    let middle = box.Along + size.Along / 2.0

    [|
        {
            Across = side
            Along = middle - loopHalf
        }
        {
            Across = side + loopOut
            Along = middle - loopHalf
        }
        {
            Across = side + loopOut
            Along = middle + loopHalf
        }
        {
            Across = side
            Along = middle + loopHalf
        }
    |]
