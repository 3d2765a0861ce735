/// The points where edges meet the sides of their boxes, as distances from the centre: a straight edge in the centre, the others
/// beside it in the order of their targets.
module GopherFlow.Client.Diagram.Layered.Ports

open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Order
open GopherFlow.Client.Diagram.Layered.Blocks

/// Indexed by the ids of the segments.
type Ports = {
    /// At the lower side of the upper item.
    Leaving: float[]
    /// At the upper side of the lower item.
    Arriving: float[]
}

let between = 16.0

/// Outgoing edges keep this much more distance from the straight one than incoming edges, so two that swap sides never overlap.
let private beside = 8.0

/// The greatest distance of an edge from the centre.
let reach (levels: Levels) (item: int) : float =
    if isState levels item then
        levels.Net.Sizes[item].Across / 2.0 - 12.0
    else
        0.0

/// Collects the values of the segments of all sides by segment id.
let ofSides (levels: Levels) (values: (Segment * float)[][]) : float[] =
    let byId = Array.zeroCreate levels.Segments.Length

    values
    |> Array.iter (Array.iter (fun (segment, value) -> byId[segment.Id] <- value))

    byId

let private spread (blocks: Blocks) (beside: float) (reach: float) (sorted: Segment[]) : (Segment * float)[] =
    let middle =
        sorted
        |> Array.tryFindIndex (fun segment -> blocks.Straight[segment.Id])
        |> Option.map float
        |> Option.defaultValue (float (sorted.Length - 1) / 2.0)

    let most = max middle (float (sorted.Length - 1) - middle)

    let step =
        if most = 0.0 then
            0.0
        else
            min between ((reach - beside |> max 0.0) / most)

    sorted
    |> Array.mapi (fun index segment ->
        let steps = float index - middle
        segment, steps * step + float (sign steps) * min beside reach)

let ofBlocks (levels: Levels) (rows: Rows) (blocks: Blocks) : Ports =
    let places = placesOf levels.Level.Length rows

    let side (beside: float) (far: Segment -> int) (segments: Segment[][]) : float[] =
        segments
        |> Array.mapi (fun item segments ->
            segments
            |> Array.sortBy (fun segment -> places[far segment] * levels.Segments.Length + segment.Edge)
            |> spread blocks beside (reach levels item))
        |> ofSides levels

    {
        Leaving = side beside _.Lower levels.Below
        Arriving = side 0.0 _.Upper levels.Above
    }
