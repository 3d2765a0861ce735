/// A filter as text, as a person types it: `type:Order status:failed key:"a b" 4711`.
module GopherFlow.Client.Api.FilterText

open System.Text.RegularExpressions
open GopherFlow.Client.Api.WorkflowFilter

let private isPlain (text: string) = Regex.IsMatch(text, "^[^\\s\"\\\\]+$")

let private quoted (text: string) =
    "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\""

let private unquoted (text: string) =
    if text.StartsWith "\"" then
        let whole = Regex.IsMatch(text, "^\"(?:[^\"\\\\]|\\\\[\\s\\S])*\"$")
        let inner = text.Substring(1, text.Length - (if whole then 2 else 1))
        Regex.Replace(inner, "\\\\([\\s\\S])", "$1")
    else
        text

let private word (text: string) =
    if isPlain text then text else quoted text

let printTerm (term: Term) : string =
    $"{nameOf term.Field}:{word term.Value}"

/// A word with the name of a field before it, and what stands after the colon, as it is written.
let private tryQualified (token: string) : (Field * string) option =
    match token.IndexOf ':' with
    | -1 -> None
    | at ->
        tryField (token.Substring(0, at))
        |> Option.map (fun field -> field, token.Substring(at + 1))

/// Quotes keep words together when a token begins with them, or its value does.
let private tokens (text: string) : string list =
    Regex.Matches(text, "(?:[A-Za-z]+:)?\"(?:[^\"\\\\]|\\\\[\\s\\S])*(?:\"|$)|\\S+")
    |> Seq.map _.Value
    |> List.ofSeq

let private join (words: string list) = String.concat " " words

let private printText (text: string) : string =
    let words = text.Split ' ' |> List.ofArray

    if words |> List.forall (fun word -> isPlain word && (tryQualified word).IsNone) then
        text
    else
        quoted text

let print (filter: WorkflowFilter) : string =
    join [
        yield! List.map printTerm filter.Terms
        if filter.Text <> "" then
            printText filter.Text
    ]

let private read (filter: WorkflowFilter, words: string list) (token: string) =
    match tryQualified token with
    | Some(field, value) when value <> "" -> add filter (term field (unquoted value)), words
    | _ -> filter, words @ [ unquoted token ]

let parse (text: string) : WorkflowFilter =
    let filter, words = tokens text |> List.fold read (empty, [])
    { filter with Text = join words }

let private isOpen (token: string) =
    let value = tryQualified token |> Option.map snd |> Option.defaultValue token

    Regex.IsMatch(value, "^\"(?:[^\"\\\\]|\\\\[\\s\\S])*$")

/// The tokens that are written to their end, and the one that is not yet.
let private split (typed: string) : string list * string =
    match List.rev (tokens typed) with
    | [] -> [], ""
    | last :: before when isOpen last || not (Regex.IsMatch(typed, "\\s$")) -> List.rev before, last
    | all -> List.rev all, ""

let private isTerm (token: string) =
    tryQualified token |> Option.exists (fun (_, value) -> value <> "")

/// The terms that have been typed to their end, and the rest of what was typed.
let absorb (typed: string) : Term list * string =
    let whole, last = split typed
    let terms, words = List.partition isTerm whole

    if terms.IsEmpty then
        [], typed
    else
        (parse (join terms)).Terms, join (words @ [ last ])

/// The field whose value is being typed, and as much as stands there.
let unfinished (typed: string) : (Field * string) option =
    split typed
    |> snd
    |> tryQualified
    |> Option.map (fun (field, value) -> field, unquoted value)

/// What was typed beside the value that is being typed.
let beside (typed: string) : string =
    let whole, last = split typed

    let words =
        if (tryQualified last).IsSome then
            whole
        else
            whole @ [ last ]

    (parse (join words)).Text
