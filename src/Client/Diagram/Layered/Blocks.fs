/// Groups items that are placed exactly below each other into blocks: first the main path, then the bends of each long edge, then
/// what is declared first.
module GopherFlow.Client.Diagram.Layered.Blocks

open GopherFlow.Client.Diagram.Layered.Net
open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Order

type Blocks = {
    /// The index of the block of each item.
    Of: int[]
    Count: int
    /// Whether a segment runs straight down the middle of its block.
    Straight: bool[]
}

let private rank (levels: Levels) (firsts: Set<int>) (segment: Segment) : int =
    let bends =
        [ segment.Upper; segment.Lower ]
        |> List.filter (isState levels >> not)
        |> List.length

    if levels.Main.Contains segment.Edge then 0
    elif bends = 2 then 1
    elif firsts.Contains segment.Edge && bends = 0 then 2
    elif firsts.Contains segment.Edge then 3
    elif not levels.Net.Edges[segment.Edge].Back then 4
    else 5

/// The segments from one level to the next that can be straight together: no two share an item or cross.
let private straightBetween (levels: Levels) (ranks: int[]) (places: int[]) (row: int[]) : Segment list =
    let goTogether (one: Segment) (other: Segment) =
        (places[one.Upper] - places[other.Upper])
        * (places[one.Lower] - places[other.Lower])
            >
            0

    row
    |> Array.collect (fun item -> levels.Below[item])
    |> Array.sortBy (fun segment -> ranks[segment.Id])
    |> Array.fold
        (fun (taken: Segment list) segment ->
            if List.forall (goTogether segment) taken then
                segment :: taken
            else
                taken)
        []

let ofRows (levels: Levels) (rows: Rows) : Blocks =
    let firsts =
        levels.Net.Edges
        |> Array.indexed
        |> Array.filter (fun (_, edge) -> not edge.Back)
        |> Array.distinctBy (fun (_, edge) -> edge.From)
        |> Array.map fst
        |> Set.ofArray

    let straight =
        let places = placesOf levels.Level.Length rows
        let ranks = levels.Segments |> Array.map (rank levels firsts)
        rows |> List.ofArray |> List.collect (straightBetween levels ranks places)

    let upperOf =
        straight |> List.map (fun segment -> segment.Lower, segment.Upper) |> Map.ofList

    let rec top (item: int) =
        match upperOf.TryFind item with
        | Some upper -> top upper
        | None -> item

    let tops = Array.init levels.Level.Length top

    let numbers =
        tops
        |> Array.distinct
        |> Array.mapi (fun number top -> top, number)
        |> Map.ofArray

    {
        Of = tops |> Array.map (fun top -> numbers[top])
        Count = numbers.Count
        Straight =
            let ids = straight |> List.map _.Id |> Set.ofList
            levels.Segments |> Array.map (fun segment -> ids.Contains segment.Id)
    }
