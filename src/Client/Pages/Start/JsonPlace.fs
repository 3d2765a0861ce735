/// Finds the first position where a text is not JSON, and what is expected there.
module GopherFlow.Client.Pages.Start.JsonPlace

open System.Text.RegularExpressions

type Fault = {
    Line: int
    Column: int
    Expected: string
}

/// The next position, or the position of the error and what was expected.
type private Step = Result<int, int * string>

let private after (pattern: string) (text: string) (at: int) : int option =
    let found = Regex.Match(text.Substring at, "^(?:" + pattern + ")")
    if found.Success then Some(at + found.Length) else None

let private blank (text: string) (at: int) : int =
    after "\\s*" text at |> Option.defaultValue at

let private expect (what: string) (pattern: string) (text: string) (at: int) : Step =
    match after pattern text at with
    | Some next -> Ok next
    | None -> Error(at, what)

let private string' =
    expect "a text in double quotes" "\"(?:[^\"\\\\\\u0000-\\u001f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*\""

let private plain =
    "true|false|null|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?"

let private is (sign: char) (text: string) (at: int) = at < text.Length && text[at] = sign

let private then' (next: int -> Step) (step: Step) : Step = Result.bind next step

let rec private value (text: string) (at: int) : Step =
    if is '{' text at then several '}' member' text (at + 1)
    elif is '[' text at then several ']' value text (at + 1)
    elif is '"' text at then string' text at
    else expect "a value" $"(?:{plain})(?![\\w.])" text at

and private member' (text: string) (at: int) : Step =
    string' text at
    |> Result.mapError (fun (at, _) -> at, "a name in double quotes")
    |> then' (fun at -> expect "a colon" ":" text (blank text at))
    |> then' (fun at -> value text (blank text at))

/// Items separated by commas, up to the closing character.
and private several (close: char) (item: string -> int -> Step) (text: string) (at: int) : Step =
    let rec go (at: int) : Step =
        item text (blank text at)
        |> then' (fun at ->
            let at = blank text at

            if is ',' text at then go (at + 1)
            elif is close text at then Ok(at + 1)
            else Error(at, $"a comma, or {close}"))

    if is close text (blank text at) then
        Ok(blank text at + 1)
    else
        go at

/// None when the text is JSON.
let tryFind (text: string) : Fault option =
    let ended =
        value text (blank text 0)
        |> then' (fun at ->
            let at = blank text at

            if at = text.Length then
                Ok at
            else
                Error(at, "nothing more"))

    match ended with
    | Ok _ -> None
    | Error(at, expected) ->
        let lines = text.Substring(0, at).Split '\n'

        Some {
            Line = lines.Length
            Column = (Array.last lines).Length + 1
            Expected = expected
        }
