/// Orders the items on each level so that few edges cross: medians and swaps of neighbours, from several starting orders.
module GopherFlow.Client.Diagram.Layered.Order

open GopherFlow.Client.Diagram.Layered.Levels

/// The items of each level, in order.
type Rows = int[][]

/// The index of every item in its row.
let placesOf (items: int) (rows: Rows) : int[] =
    let places = Array.zeroCreate items
    rows |> Array.iter (Array.iteri (fun place item -> places[item] <- place))
    places

type private Standing = { Rows: Rows; Places: int[] }

let private standing (levels: Levels) (rows: Rows) : Standing = {
    Rows = rows
    Places = placesOf levels.Level.Length rows
}

let private withRow (index: int) (row: int[]) (before: Standing) : Standing =
    if row = before.Rows[index] then
        before
    else
        let places = Array.copy before.Places
        row |> Array.iteri (fun place item -> places[item] <- place)

        {
            Rows = Array.updateAt index row before.Rows
            Places = places
        }

/// The number of crossings between the edges of two adjacent items.
let private crossed (places: int[]) (left: int[]) (right: int[]) : int =
    let rec from (one: int) (other: int) (count: int) : int =
        if one = left.Length then
            count
        elif other = right.Length then
            from (one + 1) 0 count
        else
            let crosses = places[left[one]] > places[right[other]]
            from one (other + 1) (if crosses then count + 1 else count)

    if right.Length = 0 then 0 else from 0 0 0

let private crossingsBelow (levels: Levels) (places: int[]) (row: int[]) : int =
    let rec from (place: int) (after: int) (sum: int) : int =
        if place >= row.Length - 1 then
            sum
        elif after = row.Length then
            from (place + 1) (place + 2) sum
        else
            from place (after + 1) (sum + crossed places levels.Lower[row[place]] levels.Lower[row[after]])

    from 0 1 0

let private count (levels: Levels) (standing: Standing) : int =
    standing.Rows |> Array.sumBy (crossingsBelow levels standing.Places)

let crossings (levels: Levels) (rows: Rows) : int = count levels (standing levels rows)

let private median (places: int[]) (neighbours: int[]) : float =
    let sorted = neighbours |> Array.map (fun item -> places[item]) |> Array.sort
    let middle = sorted.Length / 2

    if sorted.Length % 2 = 1 then
        float sorted[middle]
    else
        float (sorted[middle - 1] + sorted[middle]) / 2.0

/// Sorts a row by the medians of the neighbours' indexes. Items without neighbours keep their index.
let private byMedians (places: int[]) (neighbours: int[][]) (row: int[]) : int[] =
    let isBound item = neighbours[item].Length > 0

    let sorted =
        row
        |> Array.filter isBound
        |> Array.map (fun item -> median places neighbours[item], item)
        |> Array.sortBy fst
        |> Array.map snd

    row
    |> Array.mapFold (fun next item -> if isBound item then sorted[next], next + 1 else item, next) 0
    |> fst

/// Swaps adjacent items while that saves crossings, counted on both sides of the row.
let private exchanged (levels: Levels) (places: int[]) (row: int[]) : int[] =
    let between left right =
        crossed places levels.Upper[left] levels.Upper[right]
        + crossed places levels.Lower[left] levels.Lower[right]

    let saves left right = between left right > between right left

    let rec pass (items: int list) : int list =
        match items with
        | left :: right :: rest when saves left right -> right :: pass (left :: rest)
        | item :: rest -> item :: pass rest
        | [] -> []

    let rec anySaves (row: int[]) (place: int) : bool =
        place < row.Length - 1
        && (saves row[place] row[place + 1] || anySaves row (place + 1))

    let rec repeat (rounds: int) (row: int[]) : int[] =
        if rounds > 0 && anySaves row 0 then
            row |> List.ofArray |> pass |> Array.ofList |> repeat (rounds - 1)
        else
            row

    repeat row.Length row

let private eachRow (change: int[] -> int[] -> int[]) (standing: Standing) (indices: int list) : Standing =
    indices
    |> List.fold
        (fun standing index ->
            let row = standing.Rows[index]

            if row.Length < 2 then
                standing
            else
                withRow index (change standing.Places row) standing)
        standing

let private swept (levels: Levels) (down: bool) (standing: Standing) : Standing =
    let last = standing.Rows.Length - 1

    let sorted =
        if down then
            eachRow (fun places -> byMedians places levels.Upper) standing [ 1..last ]
        else
            eachRow (fun places -> byMedians places levels.Lower) standing [ last - 1 .. -1 .. 0 ]

    eachRow (exchanged levels) sorted [ 0..last ]

/// The best order of several sweeps down and up.
let private improved (levels: Levels) (rounds: int) (rows: Rows) : int * Rows =
    let rec go (left: int) (best: int, bestRows: Rows) (current: Standing) =
        if left = 0 || best = 0 then
            best, bestRows
        else
            let next = swept levels (left % 2 = 0) current
            let count = count levels next
            go (left - 1) (if count < best then count, next.Rows else best, bestRows) next

    go rounds (crossings levels rows, rows) (standing levels rows)

/// The order in which a walk along the transitions in declaration order visits the items: the main path comes first on each
/// level.
let private declared (levels: Levels) : Rows =
    let rec visit (met: int list, seen: Set<int>) (item: int) =
        if seen.Contains item then
            met, seen
        else
            levels.Below[item]
            |> Array.fold (fun walk segment -> visit walk segment.Lower) (item :: met, seen.Add item)

    let met =
        [ 0 .. levels.Level.Length - 1 ]
        |> List.sortBy (fun item -> if item = 0 then 0 else 1)
        |> List.fold visit ([], Set.empty)
        |> fst
        |> List.rev
        |> Array.ofList

    met
    |> Array.map (fun item -> levels.Level[item], item)
    |> Net.grouped (Array.max levels.Level + 1)

/// Deterministic: the same seed gives the same order.
let private shuffled (seed: int) (row: int[]) : int[] =
    row |> Array.sortBy (fun item -> (item * 7919 + seed * 104729) % 1009)

let private beginnings = 1
let private rounds = 6

let ofLevels (levels: Levels) : Rows =
    let first = declared levels

    [
        first
        Array.map Array.rev first
        for seed in 1..beginnings do
            Array.map (shuffled seed) first
    ]
    |> List.fold
        (fun (best: int, rows: Rows) beginning ->
            if best = 0 then
                best, rows
            else
                let count, improved = improved levels rounds beginning
                if count < best then count, improved else best, rows)
        (System.Int32.MaxValue, first)
    |> snd
