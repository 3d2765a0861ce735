/// Compares two texts line by line in the browser, for a text that the server does not have.
module GopherFlow.Client.Pages.Studio.LineDifferences

open GopherFlow.Contract

/// A larger part (lines times lines) counts as removed and added as a whole: comparing it would take too long.
let private largest = 4_000_000

let private line kind older newer text : DifferenceLine = {
    Kind = kind
    OldLine = older
    NewLine = newer
    Text = text
}

let rec private sameStart (older: string[]) (newer: string[]) (count: int) : int =
    if count < older.Length && count < newer.Length && older[count] = newer[count] then
        sameStart older newer (count + 1)
    else
        count

/// For each pair of positions, the length of the longest common subsequence of the remaining lines.
let private common (older: string[]) (newer: string[]) : int[][] =
    let last = Array.create (newer.Length + 1) 0

    let row index (below: int[]) =
        Array.scanBack
            (fun column right ->
                if older[index] = newer[column] then
                    below[column + 1] + 1
                else
                    max below[column] right)
            [| 0 .. newer.Length - 1 |]
            0

    Array.scanBack row [| 0 .. older.Length - 1 |] last

let private middle (older: string[]) (newer: string[]) (start: int) : DifferenceLine list =
    let removed index =
        line "removed" (Some(start + index + 1)) None older[index]

    let added index =
        line "added" None (Some(start + index + 1)) newer[index]

    if older.Length * newer.Length > largest then
        List.init older.Length removed @ List.init newer.Length added
    else
        let length = common older newer

        let rec walk i j found =
            if i < older.Length && j < newer.Length && older[i] = newer[j] then
                walk (i + 1) (j + 1) (line "same" (Some(start + i + 1)) (Some(start + j + 1)) older[i] :: found)
            elif j >= newer.Length && i >= older.Length then
                List.rev found
            elif j >= newer.Length || (i < older.Length && length[i + 1][j] >= length[i][j + 1]) then
                walk (i + 1) j (removed i :: found)
            else
                walk i (j + 1) (added j :: found)

        walk 0 0 []

let between (older: string) (newer: string) : DifferenceLine list =
    let older, newer = older.Split '\n', newer.Split '\n'
    let start = sameStart older newer 0

    let rest = sameStart (Array.rev older[start..]) (Array.rev newer[start..]) 0

    let same count offsetOld offsetNew = [
        for index in 0 .. count - 1 ->
            line "same" (Some(offsetOld + index + 1)) (Some(offsetNew + index + 1)) older[offsetOld + index]
    ]

    let inside (lines: string[]) = lines[start .. lines.Length - rest - 1]

    same start 0 0
    @ middle (inside older) (inside newer) start
    @ same rest (older.Length - rest) (newer.Length - rest)
