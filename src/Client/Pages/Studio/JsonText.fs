/// Finds the first error in a text that must be a JSON object.
module GopherFlow.Client.Pages.Studio.JsonText

open System.Text.RegularExpressions
open GopherFlow.Client.Api
open GopherFlow.Client.Parts.Editor

type Fault = { At: Place; Text: string }

/// The index after what was read, or the index and the text of an error.
type private Reading = Result<int, int * string>

let private number = Regex(@"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")

let rec private skip (text: string) (at: int) : int =
    if at < text.Length && " \t\r\n".IndexOf text[at] >= 0 then
        skip text (at + 1)
    else
        at

let private startsWith (word: string) (text: string) (at: int) =
    at + word.Length <= text.Length && text.Substring(at, word.Length) = word

let private isHex (letter: char) =
    "0123456789abcdefABCDEF".IndexOf letter >= 0

/// The length of the escape sequence at a backslash; 0 if it is not a JSON escape.
let private escapeLength (text: string) (at: int) : int =
    let rest = text.Substring(at + 1, min 5 (text.Length - at - 1))

    if rest = "" then
        0
    elif "\"\\/bfnrt".IndexOf rest[0] >= 0 then
        2
    elif rest[0] = 'u' && rest.Length = 5 && Seq.forall isHex (rest.Substring 1) then
        6
    else
        0

let rec private quoted (text: string) (begun: int) (at: int) : Reading =
    if at >= text.Length || text[at] = '\n' || text[at] = '\r' then
        Error(begun, "This text has no closing quote.")
    elif text[at] = '"' then
        Ok(at + 1)
    elif text[at] = '\\' then
        match escapeLength text at with
        | 0 -> Error(at, "A backslash in a text is written as two: \\\\.")
        | length -> quoted text begun (at + length)
    elif text[at] < ' ' then
        Error(at, "A tab or another control character in a text is written as an escape, such as \\t.")
    else
        quoted text begun (at + 1)

let rec private value (text: string) (start: int) : Reading =
    let at = skip text start

    if at >= text.Length then
        Error(at, "A value is missing.")
    else
        match text[at] with
        | '{' -> members text (at + 1) true
        | '[' -> items text (at + 1) true
        | '"' -> quoted text at (at + 1)
        | _ ->
            match
                [ "true"; "false"; "null" ]
                |> List.tryFind (fun word -> startsWith word text at)
            with
            | Some word -> Ok(at + word.Length)
            | None ->
                let found = number.Match(text, at)

                if found.Success && found.Index = at then
                    Ok(at + found.Length)
                else
                    Error(at, "A value is expected: a text in quotes, a number, true, false, null, [ or {.")

and private members (text: string) (start: int) (isFirst: bool) : Reading =
    let at = skip text start

    if isFirst && startsWith "}" text at then
        Ok(at + 1)
    elif not (startsWith "\"" text at) then
        Error(at, "The name of a variable in double quotes is expected.")
    else
        quoted text at (at + 1)
        |> Result.bind (fun behind ->
            let colon = skip text behind

            if startsWith ":" text colon then
                value text (colon + 1)
            else
                Error(colon, "A colon is expected."))
        |> Result.bind (fun behind -> next text behind "}" members)

and private items (text: string) (start: int) (isFirst: bool) : Reading =
    let at = skip text start

    if isFirst && startsWith "]" text at then
        Ok(at + 1)
    else
        value text at |> Result.bind (fun behind -> next text behind "]" items)

and private next text behind (closing: string) (more: string -> int -> bool -> Reading) : Reading =
    let at = skip text behind

    if startsWith "," text at then more text (at + 1) false
    elif startsWith closing text at then Ok(at + 1)
    else Error(at, $"A comma or {closing} is expected.")

let private place (text: string) (at: int) : Place =
    let before = text.Substring(0, min at text.Length)

    {
        Line = before.Split('\n').Length
        Column = before.Length - before.LastIndexOf '\n'
    }

/// The variables in a text; None when it is not JSON. An empty text is an empty object.
let tryRead (text: string) : obj option =
    Json.tryParse (if text.Trim() = "" then "{}" else text)

/// None when the text is a JSON object, or empty.
let fault (text: string) : Fault option =
    let start = skip text 0

    let reading =
        if start >= text.Length then
            Ok start
        elif text[start] <> '{' then
            Error(start, "The variables are a JSON object: { \"name\": value }.")
        else
            members text (start + 1) true

    match reading with
    | Error(at, reason) -> Some { At = place text at; Text = reason }
    | Ok behind ->
        let rest = skip text behind

        if rest < text.Length then
            Some {
                At = place text rest
                Text = "Nothing may follow the object."
            }
        elif (tryRead text).IsNone then
            Some {
                At = place text start
                Text = "This is not JSON."
            }
        else
            None
