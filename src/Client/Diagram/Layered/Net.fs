/// What is to be laid out: boxes and the edges between them, measured along the flow and across it, so that a layout
/// downwards and one to the right are the same task.
module GopherFlow.Client.Diagram.Layered.Net

type Size = {
    Across: float
    Along: float
    /// Has an edge to itself, drawn at its far side.
    Loop: bool
}

/// Between two boxes, by their places in the net.
type Edge = {
    From: int
    To: int
    /// Leads back: laid out as if it came the other way.
    Back: bool
}

type Net = {
    /// The start is the first.
    Sizes: Size[]
    /// Those of a box in the order of declaration.
    Edges: Edge[]
}

module Edge =
    let upper (edge: Edge) =
        if edge.Back then edge.To else edge.From

    let lower (edge: Edge) =
        if edge.Back then edge.From else edge.To

/// The values of each key from 0 on.
let grouped (count: int) (keyed: (int * 't)[]) : 't[][] =
    let groups = Array.init count (fun _ -> ResizeArray<'t>())

    for key, value in keyed do
        groups[key].Add value

    groups |> Array.map Array.ofSeq

/// The edges from the start along the first transitions that lead on.
let mainEdges (net: Net) : Set<int> =
    let firsts =
        net.Edges
        |> Array.indexed
        |> Array.filter (fun (_, edge) -> not edge.Back)
        |> Array.distinctBy (fun (_, edge) -> edge.From)
        |> Array.map (fun (index, edge) -> edge.From, (index, edge.To))
        |> Map.ofArray

    let rec follow (state: int) : int list =
        match firsts.TryFind state with
        | Some(index, target) -> index :: follow target
        | None -> []

    Set.ofList (follow 0)
