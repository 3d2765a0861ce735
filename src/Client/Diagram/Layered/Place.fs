/// Computes the centre of each block across the flow: packed from one side, then shifted while that makes the edges straighter.
module GopherFlow.Client.Diagram.Layered.Place

open System.Collections.Generic
open GopherFlow.Client.Diagram.Layered.Levels
open GopherFlow.Client.Diagram.Layered.Order
open GopherFlow.Client.Diagram.Layered.Blocks
open GopherFlow.Client.Diagram.Layered.Ports

let private betweenStates = 40.0
let private besideState = 24.0
let private besideBend = 16.0
/// Space for a loop and its label.
let private loopRoom = 36.0

let private halfLeft (levels: Levels) (item: int) =
    if isState levels item then
        levels.Net.Sizes[item].Across / 2.0
    else
        0.0

let private halfRight (levels: Levels) (item: int) =
    halfLeft levels item
    + (if isState levels item && levels.Net.Sizes[item].Loop then
           loopRoom
       else
           0.0)

let private apart (levels: Levels) (left: int) (right: int) : float =
    let gap =
        match isState levels left, isState levels right with
        | true, true -> betweenStates
        | false, false -> besideBend
        | _ -> besideState

    halfRight levels left + gap + halfLeft levels right

/// The least distance between the centres of two blocks.
type private Gap = { Left: int; Right: int; Least: float }

/// A segment between two blocks. Its cost grows with its shift across the flow: the place of `One` plus the offset, minus the
/// place of `Other`.
type private Pull = {
    One: int
    Other: int
    Offset: float
    Weight: float
}

let private gapsOf (levels: Levels) (rows: Rows) (blocks: Blocks) : Gap[] =
    rows
    |> Array.collect (fun row ->
        row
        |> Array.pairwise
        |> Array.map (fun (left, right) -> {
            Left = blocks.Of[left]
            Right = blocks.Of[right]
            Least = apart levels left right
        }))
    |> Array.groupBy (fun gap -> gap.Left, gap.Right)
    |> Array.map (snd >> Array.maxBy (fun gap -> gap.Least))

let private pullsOf (levels: Levels) (blocks: Blocks) (ports: Ports) : Pull[] =
    levels.Segments
    |> Array.filter (fun segment -> blocks.Of[segment.Upper] <> blocks.Of[segment.Lower])
    |> Array.map (fun segment -> {
        One = blocks.Of[segment.Upper]
        Other = blocks.Of[segment.Lower]
        Offset = ports.Leaving[segment.Id] - ports.Arriving[segment.Id]
        Weight = if levels.Net.Edges[segment.Edge].Back then 0.6 else 1.0
    })

let private packed (count: int) (gaps: Gap[]) : float[] =
    let lefts = gaps |> Array.map (fun gap -> gap.Right, gap) |> Net.grouped count

    let rec settle (places: float[]) : float[] =
        let next =
            lefts
            |> Array.map (Array.fold (fun place gap -> max place (places[gap.Left] + gap.Least)) 0.0)

        if next = places then places else settle next

    settle (Array.create count 0.0)

let private tiny = 0.01

type private Board = {
    ToLeft: Gap[][]
    ToRight: Gap[][]
    Pulls: Pull[][]
}

/// All blocks that can be reached from some blocks.
let private reached (next: int -> int seq) (begun: int seq) : HashSet<int> =
    let seen = HashSet<int>()

    let rec visit (block: int) =
        if seen.Add block then
            for other in next block do
                visit other

    Seq.iter visit begun
    seen

/// The blocks that move along when some blocks move sideways: those in their way, and those in the way of these.
let private pushed (board: Board) (places: float[]) (direction: float) (begun: int seq) : HashSet<int> =
    let isTight (gap: Gap) =
        places[gap.Right] - places[gap.Left] - gap.Least < tiny

    reached
        (fun block ->
            (if direction > 0.0 then
                 board.ToRight[block] |> Array.filter isTight |> Array.map _.Right
             else
                 board.ToLeft[block] |> Array.filter isTight |> Array.map _.Left)
            :> int seq)
        begun

let private shift (places: float[]) (pull: Pull) =
    places[pull.One] + pull.Offset - places[pull.Other]

/// The blocks that straight segments connect to a block.
let private tied (board: Board) (places: float[]) (block: int) : HashSet<int> =
    reached
        (fun block ->
            board.Pulls[block]
            |> Array.filter (fun pull -> abs (shift places pull) < tiny)
            |> Array.map (fun pull -> if pull.One = block then pull.Other else pull.One)
            :> int seq)
        [ block ]

/// Moves blocks to one side as far as that makes the edges straighter; None if it does not.
let private tryMove (board: Board) (places: float[]) (direction: float) (begun: int seq) : float[] option =
    let moving = pushed board places direction begun
    let blocks = Array.ofSeq moving

    let ahead (pull: Pull) =
        if moving.Contains pull.One then
            shift places pull * direction
        else
            -(shift places pull) * direction

    let stretched =
        blocks
        |> Array.collect (fun block ->
            board.Pulls[block]
            |> Array.filter (fun pull -> moving.Contains pull.One <> moving.Contains pull.Other))

    let gain =
        stretched
        |> Array.sumBy (fun pull -> if ahead pull < -tiny then pull.Weight else -pull.Weight)

    if gain <= tiny then
        None
    else
        let free =
            blocks
            |> Array.collect (fun block ->
                if direction > 0.0 then
                    board.ToRight[block]
                    |> Array.filter (fun gap -> not (moving.Contains gap.Right))
                else
                    board.ToLeft[block] |> Array.filter (fun gap -> not (moving.Contains gap.Left)))
            |> Array.map (fun gap -> places[gap.Right] - places[gap.Left] - gap.Least)

        let wanted =
            stretched
            |> Array.map ahead
            |> Array.filter (fun ahead -> ahead < -tiny)
            |> Array.map abs

        let step = Array.append free wanted |> Array.min

        Some(
            places
            |> Array.mapi (fun block place ->
                if moving.Contains block then
                    place + direction * step
                else
                    place)
        )

let private straightened (board: Board) (count: int) (begun: float[]) : float[] =
    let tryBlock (places: float[]) (block: int) : float[] option =
        [ 1.0; -1.0 ]
        |> List.tryPick (fun direction ->
            tryMove board places direction [ block ]
            |> Option.orElseWith (fun () -> tryMove board places direction (tied board places block)))

    let rec settle (left: int) (places: float[]) (block: int) : float[] =
        match (if left = 0 then None else tryBlock places block) with
        | Some moved -> settle (left - 1) moved block
        | None -> places

    let rec rounds (left: int) (places: float[]) : float[] =
        let next = [ 0 .. count - 1 ] |> List.fold (settle 12) places

        if left = 0 || next = places then
            next
        else
            rounds (left - 1) next

    rounds 12 begun

/// The centre of each item across the flow.
let ofBlocks (levels: Levels) (rows: Rows) (blocks: Blocks) (ports: Ports) : float[] =
    let gaps = gapsOf levels rows blocks
    let pulls = pullsOf levels blocks ports

    let board = {
        ToLeft = gaps |> Array.map (fun gap -> gap.Right, gap) |> Net.grouped blocks.Count
        ToRight = gaps |> Array.map (fun gap -> gap.Left, gap) |> Net.grouped blocks.Count
        Pulls =
            pulls
            |> Array.collect (fun pull -> [| pull.One, pull; pull.Other, pull |])
            |> Net.grouped blocks.Count
    }

    let places = packed blocks.Count gaps |> straightened board blocks.Count
    blocks.Of |> Array.map (fun block -> places[block])
