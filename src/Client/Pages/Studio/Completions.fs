/// The completions at a position of a script: its states, its variables, its own functions, and the authoring API.
module GopherFlow.Client.Pages.Studio.Completions

open System.Text.RegularExpressions
open GopherFlow.Client.Parts.Editor

let private variable =
    Regex(
        """(?:[Vv]ars(?:\[\s*|\.(?:Get|GetOr|TryGet|TryText|Set|Remove|Contains)\s*(?:<[^"]*>)?\s*\(?\s*)|\bwithVar\s+)"([^"]+)["]"""
    )

let private beforeVariable =
    Regex(
        """([Vv]ars(\[\s*|\.(Get|GetOr|TryGet|TryText|Set|Remove|Contains)\s*(<[^"]*>)?\s*\(?\s*)|\bwithVar\s+|^\s*secret\s*\[[^\]]*)$"""
    )

let private beforeState =
    Regex(
        """(\bgoto\s+|\bonCancel\s+|\bonFailure\s+|\bcompensate\s+|\bcompensatedBy\s+|\borAfter\s+.+\s|\borAt\s+.+\s|\bwaitFor\s*\[[^\]]*\]\s*|^\s*(start|state|manual)\b.*\[[^\]]*)$"""
    )

let private word = Regex("""(?:([A-Za-z_][\w']*)\.)?([A-Za-z_][\w']*)?$""")

/// The variables that occur in a script.
let variables (text: string) : string list =
    [ for found in variable.Matches text -> found.Groups[1].Value ]
    |> List.distinct
    |> List.sort

let private plain (kind: string) (detail: string) (label: string) : Suggestion = {
    Label = label
    Kind = kind
    Detail = detail
    Help = ""
}

let private ofName (kind: string) (name: Authoring.Name) : Suggestion = {
    Label = name.Name
    Kind = kind
    Detail = name.Shape
    Help = name.Help
}

let private states (text: string) =
    Places.ofText text
    |> List.map (fun place -> plain "constant" "state" place.State)

let private own (text: string) =
    let known =
        Authoring.functions @ Authoring.operations |> List.map _.Name |> Set.ofList

    Places.bindings text
    |> List.map fst
    |> List.distinct
    |> List.filter (known.Contains >> not)
    |> List.map (plain "function" "this script")

let private some (from: int) (quoted: bool) (items: Suggestion list) : Suggestions option =
    if items.IsEmpty then
        None
    else
        Some {
            From = from
            Quoted = quoted
            Items = items
        }

let private quotes (text: string) =
    text |> Seq.filter ((=) '"') |> Seq.length

let private isComment (line: string) =
    let at = line.IndexOf "//"
    at >= 0 && quotes (line.Substring(0, at)) % 2 = 0

let private inQuotes (text: string) (lineStart: int) (line: string) =
    let quote = line.LastIndexOf '"'
    let before = line.Substring(0, quote)
    let from = lineStart + quote + 1

    if beforeVariable.IsMatch before then
        variables text |> List.map (plain "variable" "variable") |> some from true
    elif beforeState.IsMatch before then
        some from true (states text)
    else
        None

let private inCode (text: string) (position: int) (asked: bool) (line: string) =
    let found = word.Match line
    let receiver, begun = found.Groups[1].Value, found.Groups[2].Value
    let from = position - begun.Length

    if receiver <> "" then
        Authoring.members receiver |> List.map (ofName "property") |> some from false
    elif line.EndsWith "." || (begun = "" && not asked) then
        None
    else
        [
            yield! Authoring.functions |> List.map (ofName "function")
            yield! Authoring.operations |> List.map (ofName "property")
            yield! own text
        ]
        |> some from false

/// `asked`: the user asked for completions, so they are offered before a letter is typed.
let suggest (text: string) (position: int) (asked: bool) : Suggestions option =
    let before = text.Substring(0, position)
    let lineStart = before.LastIndexOf '\n' + 1
    let line = before.Substring lineStart

    if isComment line then None
    elif quotes line % 2 = 1 then inQuotes text lineStart line
    else inCode text position asked line
