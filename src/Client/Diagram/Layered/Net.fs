/// The input of the layout: boxes and edges, measured along and across the flow, so that a downward layout and one to the right
/// are the same problem.
module GopherFlow.Client.Diagram.Layered.Net

type Size = {
    Across: float
    Along: float
    /// Has an edge to itself, which is drawn at its far side.
    Loop: bool
}

/// An edge between two boxes, by their indexes.
type Edge = {
    From: int
    To: int
    /// Leads back; it is laid out in the opposite direction.
    Back: bool
}

type Net = {
    /// The start state is the first.
    Sizes: Size[]
    /// The edges of a box are in the order of declaration.
    Edges: Edge[]
}

module Edge =
    let upper (edge: Edge) =
        if edge.Back then edge.To else edge.From

    let lower (edge: Edge) =
        if edge.Back then edge.From else edge.To

/// Groups values by their keys, 0 to `count` - 1.
let grouped (count: int) (keyed: (int * 't)[]) : 't[][] =
    let groups = Array.init count (fun _ -> ResizeArray<'t>())

    for key, value in keyed do
        groups[key].Add value

    groups |> Array.map Array.ofSeq

/// The main path: from the start along the first transition of each state that does not lead back.
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
