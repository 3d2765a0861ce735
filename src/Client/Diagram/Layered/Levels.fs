/// Assigns levels: each state is below those that lead to it. An edge over several levels has a bend on each level in between.
module GopherFlow.Client.Diagram.Layered.Levels

open GopherFlow.Client.Diagram.Layered.Net

/// A piece of an edge from one level to the next, between two items. Items are the states, followed by the bends.
type Segment = {
    /// Its index among all segments.
    Id: int
    Upper: int
    Lower: int
    Edge: int
}

type Levels = {
    Net: Net
    /// The level of each item.
    Level: int[]
    Segments: Segment[]
    /// The items that each edge passes, from top to bottom, including its states.
    Chains: int[][]
    /// The segments by their lower item, and by their upper item.
    Above: Segment[][]
    Below: Segment[][]
    /// The connected items above and below each item.
    Upper: int[][]
    Lower: int[][]
    /// The edges of the main path.
    Main: Set<int>
}

let isState (levels: Levels) (item: int) = item < levels.Net.Sizes.Length

/// Places each state as near to the top as the edges allow.
let private longest (net: Net) : int[] =
    let lower =
        net.Edges
        |> Array.map (fun edge -> Edge.lower edge, Edge.upper edge)
        |> grouped net.Sizes.Length

    let rec settle (levels: int[]) : int[] =
        let next =
            lower
            |> Array.map (Array.fold (fun level upper -> max level (levels[upper] + 1)) 0)

        if next = levels then levels else settle next

    settle (Array.create net.Sizes.Length 0)

/// Moves a state with more outgoing than incoming edges down to its targets, which makes its edges shorter.
let private lowered (net: Net) (onMain: Set<int>) (levels: int[]) : int[] =
    let count = net.Sizes.Length

    let below =
        net.Edges
        |> Array.map (fun edge -> Edge.upper edge, Edge.lower edge)
        |> grouped count

    let above = net.Edges |> Array.countBy Edge.lower |> Map.ofArray

    let lower (levels: int[]) (state: int) : int[] =
        let leadsTo = below[state].Length
        let comesFrom = above.TryFind state |> Option.defaultValue 0

        if leadsTo > comesFrom && not (onMain.Contains state) then
            let nearest = below[state] |> Array.map (fun other -> levels[other]) |> Array.min
            Array.updateAt state (nearest - 1) levels
        else
            levels

    [ 0 .. count - 1 ]
    |> List.sortByDescending (fun state -> levels[state])
    |> List.fold lower levels

let ofNet (net: Net) : Levels =
    let states = net.Sizes.Length
    let main = mainEdges net

    let onMain =
        main
        |> Set.toList
        |> List.collect (fun edge -> [ net.Edges[edge].From; net.Edges[edge].To ])
        |> Set.ofList
        |> Set.add 0

    let ofStates = longest net |> lowered net onMain

    let between (edge: Edge) =
        ofStates[Edge.lower edge] - ofStates[Edge.upper edge] - 1

    let firstBend = net.Edges |> Array.map between |> Array.scan (+) states

    let chains =
        net.Edges
        |> Array.mapi (fun index edge -> [|
            Edge.upper edge
            for bend in 0 .. between edge - 1 do
                firstBend[index] + bend
            Edge.lower edge
        |])

    let segments =
        chains
        |> Array.mapi (fun edge chain ->
            chain |> Array.pairwise |> Array.map (fun (upper, lower) -> edge, upper, lower))
        |> Array.concat
        |> Array.mapi (fun id (edge, upper, lower) -> {
            Id = id
            Upper = upper
            Lower = lower
            Edge = edge
        })

    let items = Array.last firstBend

    let above =
        segments |> Array.map (fun segment -> segment.Lower, segment) |> grouped items

    let below =
        segments |> Array.map (fun segment -> segment.Upper, segment) |> grouped items

    {
        Net = net
        Level =
            Array.append
                ofStates
                (net.Edges
                 |> Array.collect (fun edge ->
                     Array.init (between edge) (fun bend -> ofStates[Edge.upper edge] + 1 + bend)))
        Segments = segments
        Chains = chains
        Above = above
        Below = below
        Upper = above |> Array.map (Array.map _.Upper)
        Lower = below |> Array.map (Array.map _.Lower)
        Main = main
    }
