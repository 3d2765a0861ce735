/// Takes each long edge and each state out of the order in turn, and puts it back where it causes the fewest crossings.
module GopherFlow.Client.Diagram.Layered.Reroute

open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Order

/// A line between two levels, by the indexes of its ends. The gap before an item has the item's index minus a half.
[<Struct>]
type private Line = { Top: float; Bottom: float }

let private gaps (row: int[]) : float[] =
    Array.init (row.Length + 1) (fun gap -> float gap - 0.5)

let private index (gap: float) = int (gap + 0.5)

let private crossedBy (lines: Line[]) (top: float) (bottom: float) : int =
    let rec from (index: int) (count: int) : int =
        if index = lines.Length then
            count
        else
            let line = lines[index]
            let crosses = (line.Top - top) * (line.Bottom - bottom) < 0.0
            from (index + 1) (if crosses then count + 1 else count)

    from 0 0

/// The lines that leave a row downwards, without those that `apart` excludes.
let private linesBelow (levels: Levels) (places: int[]) (apart: Segment -> bool) (row: int[]) : Line[] =
    row
    |> Array.collect (fun item -> levels.Below[item])
    |> Array.filter (apart >> not)
    |> Array.map (fun segment -> {
        Top = float places[segment.Upper]
        Bottom = float places[segment.Lower]
    })

/// The best way to a position: the number of crossings, and the gaps it passes, the last one first.
type private Way = {
    To: float
    Crossings: int
    Passed: float list
}

let private onward (lines: Line[]) (spots: float[]) (ways: Way[]) : Way[] =
    spots
    |> Array.map (fun spot ->
        let rec best (index: int) (least: int) (chosen: Way) : Way =
            if index = ways.Length then
                {
                    To = spot
                    Crossings = least
                    Passed = spot :: chosen.Passed
                }
            else
                let way = ways[index]

                let count =
                    if way.Crossings < least then
                        way.Crossings + crossedBy lines way.To spot
                    else
                        least

                if count < least then
                    best (index + 1) count way
                else
                    best (index + 1) least chosen

        best 0 System.Int32.MaxValue ways[0])

let private rerouted (levels: Levels) (rows: Rows) (edge: int) : Rows =
    let chain = levels.Chains[edge]
    let top = levels.Level[chain[0]]
    let last = chain.Length - 1

    let without =
        rows[top .. top + last]
        |> Array.mapi (fun index row ->
            if index = 0 || index = last then
                row
            else
                row |> Array.filter (fun item -> item <> chain[index]))

    let places = placesOf levels.Level.Length without

    let lines (index: int) =
        linesBelow levels places (fun segment -> segment.Edge = edge) without[index]

    let spots (index: int) =
        if index = last then
            [| float places[chain[index]] |]
        else
            gaps without[index]

    let begun = [|
        {
            To = float places[chain[0]]
            Crossings = 0
            Passed = []
        }
    |]

    let best =
        [ 1..last ]
        |> List.fold (fun ways index -> onward (lines (index - 1)) (spots index) ways) begun
        |> Array.head

    let passed = best.Passed.Tail |> List.rev |> Array.ofList

    rows
    |> Array.mapi (fun level row ->
        if level > top && level < top + last then
            Array.insertAt (index passed[level - top - 1]) chain[level - top] without[level - top]
        else
            row)

let private moved (levels: Levels) (rows: Rows) (state: int) : Rows =
    let level = levels.Level[state]
    let row = rows[level] |> Array.filter (fun item -> item <> state)

    if row.Length = 0 then
        rows
    else
        let near = [|
            if level > 0 then
                rows[level - 1]
            row
            if level < rows.Length - 1 then
                rows[level + 1]
        |]

        let places = placesOf levels.Level.Length near

        let isOwn (segment: Segment) =
            segment.Upper = state || segment.Lower = state

        let above =
            if level > 0 then
                linesBelow levels places isOwn rows[level - 1]
            else
                [||]

        let below = linesBelow levels places isOwn row

        let cost (gap: float) =
            (levels.Upper[state]
             |> Array.sumBy (fun upper -> crossedBy above (float places[upper]) gap))
            + (levels.Lower[state]
               |> Array.sumBy (fun lower -> crossedBy below gap (float places[lower])))

        let now = float (Array.findIndex ((=) state) rows[level]) - 0.5
        let best = gaps row |> Array.minBy cost

        if cost best < cost now then
            Array.updateAt level (Array.insertAt (index best) state row) rows
        else
            rows

/// Repeats until a round saves no crossing, at most 6 times.
let all (levels: Levels) (rows: Rows) : Rows =
    let long =
        [ 0 .. levels.Chains.Length - 1 ]
        |> List.filter (fun edge -> levels.Chains[edge].Length > 2)

    let states = [ 0 .. levels.Net.Sizes.Length - 1 ]

    let rec rounds (left: int) (count: int) (rows: Rows) =
        if left = 0 || count = 0 then
            rows
        else
            let next = List.fold (moved levels) (List.fold (rerouted levels) rows long) states
            let fewer = crossings levels next
            if fewer < count then rounds (left - 1) fewer next else rows

    rounds 6 (crossings levels rows) rows
