/// The tracks between two levels on which edges run across: edges that would touch get different tracks, in the order with the
/// fewest crossings.
module GopherFlow.Client.Diagram.Layered.Tracks

open GopherFlow.Client.Diagram.Layered.Levels

/// A segment that runs across: where it comes from above and where it continues below.
type Crossing = {
    Segment: Segment
    Top: float
    Bottom: float
}

/// The least distance between two parallel lines.
let private clear = 7.0

let private low (crossing: Crossing) = min crossing.Top crossing.Bottom
let private high (crossing: Crossing) = max crossing.Top crossing.Bottom

let private touches (one: Crossing) (other: Crossing) =
    low one < high other + clear && low other < high one + clear

/// The cost of running one above another. A line that covers another is worse than any crossing.
let private cost (upper: Crossing) (lower: Crossing) : int =
    let cuts (crossing: Crossing) (place: float) =
        if low crossing < place && place < high crossing then
            1
        else
            0

    let covers = if abs (upper.Bottom - lower.Top) < clear then 1000 else 0
    cuts upper lower.Top + cuts lower upper.Bottom + covers

/// Sorts from the top down: the next one is the one that costs least above all remaining ones.
let private sorted (crossings: Crossing list) : Crossing list =
    let rec go (done': Crossing list) (left: Crossing list) =
        match left with
        | [] -> List.rev done'
        | _ ->
            let next =
                left
                |> List.minBy (fun crossing ->
                    left
                    |> List.sumBy (fun other ->
                        if obj.ReferenceEquals(other, crossing) || not (touches crossing other) then
                            0
                        else
                            cost crossing other - cost other crossing))

            go (next :: done') (left |> List.filter (fun other -> not (obj.ReferenceEquals(other, next))))

    go [] crossings

/// The track of each segment, counted from the top, and the number of tracks.
let ofCrossings (crossings: Crossing list) : Map<int, int> * int =
    let placed =
        sorted crossings
        |> List.fold
            (fun (placed: (Crossing * int) list) crossing ->
                let track =
                    placed
                    |> List.filter (fun (other, _) -> touches crossing other)
                    |> List.fold (fun track (_, other) -> max track (other + 1)) 0

                (crossing, track) :: placed)
            []

    let tracks =
        placed
        |> List.map (fun (crossing, track) -> crossing.Segment.Id, track)
        |> Map.ofList

    tracks, (placed |> List.fold (fun count (_, track) -> max count (track + 1)) 0)
