/// Moves the ends of edges along the sides of their boxes to where the edges are straight, as far as there is room.
module GopherFlow.Client.Diagram.Layered.Slide

open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Blocks
open GopherFlow.Client.Diagram.Layered.Ports

/// Places edges from the middle outwards: each goes to its wanted position if that is beyond the previous edge and leaves room
/// for the remaining ones.
let private outwards (reach: float) (begun: float) (wanted: float list) : float list =
    let count = wanted.Length

    let step =
        if count = 0 then
            between
        else
            min between ((reach - begun) / float count)

    wanted
    |> List.mapFold
        (fun (index, before) want ->
            let most = reach - float (count - 1 - index) * step
            let place = want |> max (before + step) |> min most
            place, (index + 1, place))
        (0, begun)
    |> fst

let private ofSide
    (blocks: Blocks)
    (reach: float)
    (wanted: Segment -> float)
    (sorted: Segment[])
    : (Segment * float)[] =
    match sorted |> Array.tryFindIndex (fun segment -> blocks.Straight[segment.Id]) with
    | Some middle ->
        let right =
            sorted[middle + 1 ..] |> Array.map wanted |> List.ofArray |> outwards reach 0.0

        let left =
            sorted[.. middle - 1]
            |> Array.rev
            |> Array.map (wanted >> (~-))
            |> List.ofArray
            |> outwards reach 0.0
            |> List.map (~-)
            |> List.rev

        Array.zip sorted (Array.ofList (left @ [ 0.0 ] @ right))
    | None ->
        let step =
            if sorted.Length < 2 then
                between
            else
                min between (2.0 * reach / float (sorted.Length - 1))

        let places =
            sorted |> Array.map wanted |> List.ofArray |> outwards reach (-reach - step)

        Array.zip sorted (Array.ofList places)

let private slid
    (levels: Levels)
    (blocks: Blocks)
    (now: float[])
    (wanted: int -> Segment -> float)
    (sides: Segment[][])
    : float[] =
    sides
    |> Array.mapi (fun item segments ->
        let reach = reach levels item

        let within (segment: Segment) =
            let straight = wanted item segment
            if abs straight <= reach then straight else now[segment.Id]

        segments
        |> Array.sortBy (fun segment -> now[segment.Id])
        |> ofSide blocks reach within)
    |> ofSides levels

let ports (levels: Levels) (blocks: Blocks) (places: float[]) (ports: Ports) : Ports =
    let arrive (leaving: float[]) (arriving: float[]) =
        slid
            levels
            blocks
            arriving
            (fun item segment -> places[segment.Upper] + leaving[segment.Id] - places[item])
            levels.Above

    let leave (leaving: float[]) (arriving: float[]) =
        slid
            levels
            blocks
            leaving
            (fun item segment -> places[segment.Lower] + arriving[segment.Id] - places[item])
            levels.Below

    let arriving = arrive ports.Leaving ports.Arriving
    let leaving = leave ports.Leaving arriving

    {
        Leaving = leaving
        Arriving = arrive leaving arriving
    }
