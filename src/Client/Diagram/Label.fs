/// The name of a state in at most two lines. What does not fit is left out in the middle, because similar long names differ at
/// their beginning or end.
module GopherFlow.Client.Diagram.Label

open System

let private isSeparator (letter: char) = " _-./".Contains(string letter)

let private beginsWord (before: char) (here: char) =
    isSeparator before || (Char.IsUpper here && not (Char.IsUpper before))

/// Splits a name into words at capitals and separators; joined together they are the name.
let words (name: string) : string list =
    let add (letter: char) (words: string list) =
        match words with
        | word :: rest when not (beginsWord letter word[0]) -> $"{letter}{word}" :: rest
        | _ -> string letter :: words

    Seq.foldBack add name []

/// The first words that fit.
let private fitting (columns: int) (words: string list) : string list =
    let ends =
        words |> List.scan (fun length word -> length + word.Length) 0 |> List.tail

    List.zip words ends
    |> List.takeWhile (fun (_, last) -> last <= columns)
    |> List.map fst

let private head (columns: int) (words: string list) : string =
    match fitting columns words with
    | [] -> words.Head.Substring(0, min columns words.Head.Length)
    | fitting -> String.concat "" fitting

let private tail (columns: int) (words: string list) : string =
    let last = List.last words

    let reverse (word: string) =
        word |> Seq.rev |> Seq.map string |> String.concat ""

    match words |> List.map reverse |> List.rev |> fitting columns with
    | [] -> last.Substring(max 0 (last.Length - columns))
    | fitting -> fitting |> List.rev |> List.map reverse |> String.concat ""

/// The lines, each at most `columns` characters long.
let lines (columns: int) (name: string) : string list =
    if name.Length <= columns then
        [ name ]
    else
        let words = words name
        let first = head columns words
        let rest = name.Substring(first.Length).Trim()

        if rest.Length <= columns then
            [ first.Trim(); rest ]
        else
            [ first.Trim(); $"…{(tail (columns - 1) words).Trim()}" ]
