/// The places of the states in the text of a script: the line that declares each, and the function that it runs.
module GopherFlow.Client.Pages.Studio.Places

open System.Text.RegularExpressions

/// Lines are counted from 1.
type StatePlace = {
    State: string
    Line: int
    /// The first and the last line of the function that it runs, if the text has it.
    Body: (int * int) option
}

let private description = Regex("""\bworkflow\s+("|[A-Za-z_])""")

let private declaration =
    Regex("""^\s*(?:start|state|manual|error|finish)\s+(?:"([^"]+)"|([A-Za-z_][\w']*))\s*\(?\s*([A-Za-z_][\w']*)?""")

let private binding =
    Regex("""^(\s*)(?:let|and)\s+(?:(?:rec|inline|private|internal)\s+)*([A-Za-z_][\w']*)""")

let private literal = Regex("""^\s*let\s+([A-Za-z_][\w']*)\s*=\s*"([^"]*)"\s*$""")

let private indentation (line: string) = line.Length - line.TrimStart().Length

let private isBlank (line: string) = line.Trim() = ""

/// The last line of the block that starts at an index: it ends before the next line that is not indented deeper.
let private blockEnd (lines: string[]) (start: int) : int =
    let depth = indentation lines[start]

    let rec follow (last: int) (index: int) =
        if index >= lines.Length then last
        elif isBlank lines[index] then follow last (index + 1)
        elif indentation lines[index] <= depth then last
        else follow index (index + 1)

    follow start (start + 1)

/// The let bindings of the text: names with their first and last line.
let bindings (text: string) : (string * (int * int)) list =
    let lines = text.Split '\n'

    [
        for index, line in Array.indexed lines do
            let found = binding.Match line

            if found.Success then
                found.Groups[2].Value, (index + 1, blockEnd lines index + 1)
    ]

let private literals (lines: string[]) : Map<string, string> =
    lines
    |> Array.choose (fun line ->
        let found = literal.Match line

        if found.Success then
            Some(found.Groups[1].Value, found.Groups[2].Value)
        else
            None)
    |> Map.ofArray

let ofText (text: string) : StatePlace list =
    let lines = text.Split '\n'
    let named = literals lines
    // The first binding of a name is the outer one: nested ones come after it.
    let bodies = bindings text |> List.rev |> Map.ofList

    match lines |> Array.tryFindIndexBack description.IsMatch with
    | None -> []
    | Some first -> [
        for index in first + 1 .. lines.Length - 1 do
            let found = declaration.Match lines[index]

            if found.Success then
                let quoted, name = found.Groups[1].Value, found.Groups[2].Value

                let state = if quoted <> "" then Some quoted else named.TryFind name

                match state with
                | Some state -> {
                    State = state
                    Line = index + 1
                    Body = bodies.TryFind found.Groups[3].Value
                  }
                | None -> ()
      ]

let private isIn (line: int) (place: StatePlace) =
    match place.Body with
    | Some(first, last) -> first <= line && line <= last
    | None -> false

/// The state to which a line belongs: the line declares it or is in its function.
let stateAt (line: int) (places: StatePlace list) : string option =
    places
    |> List.tryFind (fun place -> place.Line = line)
    |> Option.orElse (places |> List.tryFind (isIn line))
    |> Option.map _.State

/// The line to go to for a state: that of its function, or of its declaration when the function is shared or missing.
let lineOf (state: string) (places: StatePlace list) : int option =
    places
    |> List.tryFind (fun place -> place.State = state)
    |> Option.map (fun place ->
        match place.Body with
        | Some(first, _) when (places |> List.filter (isIn first)).Length = 1 -> first
        | _ -> place.Line)
