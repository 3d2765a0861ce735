/// The text form of a filter, as a user types it: `type:Order status:failed key:"a b" 4711`.
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

/// Splits `field:value`. The value keeps its quotes.
let private tryQualified (token: string) : (Field * string) option =
    match token.IndexOf ':' with
    | -1 -> None
    | at ->
        tryField (token.Substring(0, at))
        |> Option.map (fun field -> field, token.Substring(at + 1))

/// Quotes keep words together when the token or its value starts with them.
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

/// The complete tokens, and the last one that is still being typed.
let private split (typed: string) : string list * string =
    match List.rev (tokens typed) with
    | [] -> [], ""
    | last :: before when isOpen last || not (Regex.IsMatch(typed, "\\s$")) -> List.rev before, last
    | all -> List.rev all, ""

let private isTerm (token: string) =
    tryQualified token |> Option.exists (fun (_, value) -> value <> "")

/// The complete terms, and the remaining text.
let absorb (typed: string) : Term list * string =
    let whole, last = split typed
    let terms, words = List.partition isTerm whole

    if terms.IsEmpty then
        [], typed
    else
        (parse (join terms)).Terms, join (words @ [ last ])

/// The field whose value is being typed, and the value so far.
let unfinished (typed: string) : (Field * string) option =
    split typed
    |> snd
    |> tryQualified
    |> Option.map (fun (field, value) -> field, unquoted value)

/// The free text, without the field value that is being typed.
let beside (typed: string) : string =
    let whole, last = split typed

    let words =
        if (tryQualified last).IsSome then
            whole
        else
            whole @ [ last ]

    (parse (join words)).Text
