namespace GopherFlow.Scripting

/// <summary>One line of a comparison of two texts.</summary>
type LineDifference =
    /// In both.
    | Same of string
    /// Only in the older text.
    | Removed of string
    /// Only in the newer text.
    | Added of string

/// <summary>Compares two texts line by line.</summary>
module Differences =

    let private linesOf (text: string) =
        text.ReplaceLineEndings("\n").Split '\n'

    /// The lengths of the longest common subsequences of all tails, by dynamic programming (the Hunt-McIlroy problem).
    let private commonTails (older: string[]) (newer: string[]) =
        let lengths = Array2D.zeroCreate (older.Length + 1) (newer.Length + 1)

        for i in older.Length - 1 .. -1 .. 0 do
            for j in newer.Length - 1 .. -1 .. 0 do
                lengths[i, j] <-
                    if older[i] = newer[j] then
                        lengths[i + 1, j + 1] + 1
                    else
                        max lengths[i + 1, j] lengths[i, j + 1]

        lengths

    /// The largest comparison table, in entries. Beyond it the texts are treated as completely different, because the table would need too
    /// much memory.
    [<Literal>]
    let private LargestTable = 10_000_000L

    let private replaceAll (older: string[]) (newer: string[]) = [
        yield! Seq.map Removed older
        yield! Seq.map Added newer
    ]

    let private compare (older: string[]) (newer: string[]) =
        let lengths = commonTails older newer

        (0, 0)
        |> List.unfold (fun (i, j) ->
            if i < older.Length && j < newer.Length && older[i] = newer[j] then
                Some(Same older[i], (i + 1, j + 1))
            elif i < older.Length && (j = newer.Length || lengths[i + 1, j] >= lengths[i, j + 1]) then
                Some(Removed older[i], (i + 1, j))
            elif j < newer.Length then
                Some(Added newer[j], (i, j + 1))
            else
                None)

    let private middle (older: string[]) (newer: string[]) =
        if int64 older.Length * int64 newer.Length > LargestTable then
            replaceAll older newer
        else
            compare older newer

    let private commonStart (older: string[]) (newer: string[]) =
        Seq.zip older newer |> Seq.takeWhile (fun (a, b) -> a = b) |> Seq.length

    /// <summary>
    /// The lines of both texts in order, with as few removed and added lines as possible. Common lines at the beginning and the end are
    /// skipped cheaply. Between them, time and memory grow with the product of both line counts; if it exceeds ten million, all these
    /// lines count as removed and added.
    /// </summary>
    let between (older: string) (newer: string) : LineDifference list =
        let older, newer = linesOf older, linesOf newer
        let start = commonStart older newer

        let ends = commonStart (Array.rev older[start..]) (Array.rev newer[start..])

        [
            yield! older[.. start - 1] |> Seq.map Same
            yield! middle older[start .. older.Length - ends - 1] newer[start .. newer.Length - ends - 1]
            yield! older[older.Length - ends ..] |> Seq.map Same
        ]
