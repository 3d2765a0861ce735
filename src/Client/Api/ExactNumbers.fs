/// JSON numbers with more digits than JavaScript keeps: they are parsed, held and written with all their digits.
module GopherFlow.Client.Api.ExactNumbers

open System
open System.Text.RegularExpressions
open Fable.Core
open Fable.Core.JsInterop

/// A number with its original digits. `parse` creates it, `print` writes its digits.
type ExactNumber(digits: string) =
    member _.Digits = digits
    override _.ToString() = digits

    override _.Equals(other: obj) =
        match other with
        | :? ExactNumber as other -> other.Digits = digits
        | _ -> false

    override _.GetHashCode() = hash digits

let isExact (value: obj) : bool =
    match value with
    | :? ExactNumber -> true
    | _ -> false

[<Emit("Number($0)")>]
let private toNumber (_digits: string) : float = jsNative

/// The number as JavaScript rounds it; any other value unchanged.
let rounded (value: obj) : obj =
    match value with
    | :? ExactNumber as exact -> box (toNumber exact.Digits)
    | other -> other

let private written = Regex "^-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?$"

/// The digits without leading zeros; empty for 0.
[<Emit("$0.replace(/[eE].*/, '').replace(/[-.]/g, '').replace(/^0+/, '')")>]
let private significant (_number: string) : string = jsNative

/// Whether JavaScript reads it as 0 or not as a finite number.
[<Emit("!(Number($0) && Number.isFinite(Number($0)))")>]
let private isBeyond (_number: string) : bool = jsNative

/// JavaScript keeps every number with up to this many digits.
[<Literal>]
let private MostKept = 15

/// Whether JavaScript may change the value of a JSON number.
let losesDigits (text: string) : bool =
    written.IsMatch text
    && (let digits = significant text
        digits <> "" && (digits.Length > MostKept || isBeyond text))

/// Marks the digits of an exact number for the browser's JSON functions.
let private mark = "\uE000exact"

/// Finds candidates for numbers that would lose digits. A match inside a string does no harm; it only costs time.
let private suspect =
    Regex("(?:^|[:,\\[\\s])-?(?:[\\d.]{16}|[\\d.]+[eE][-+]?\\d{3})")

/// A string or a number.
let private token = Regex("\"[^\"\\\\]*(?:\\\\.[^\"\\\\]*)*\"|-?\\d[-+.\\deE]*")

let private marked (token: string) : string =
    if losesDigits token then
        "{\"" + mark + "\":\"" + token + "\"}"
    else
        token

[<Emit("JSON.parse($0, $1)")>]
let private parseWith (_text: string) (_revive: Func<string, obj, obj>) : obj = jsNative

let private revive (value: obj) : obj =
    let digits: obj =
        if jsTypeof value = "object" && not (isNullOrUndefined value) then
            value?(mark)
        else
            null

    if jsTypeof digits = "string" then
        box (ExactNumber(unbox<string> digits))
    else
        value

/// Parses JSON; raises the browser's error when the text is not JSON.
let parse (text: string) : obj =
    if suspect.IsMatch text then
        parseWith
            (token.Replace(text, (fun (found: Match) -> marked found.Value)))
            (Func<_, _, _>(fun (_: string) (value: obj) -> revive value))
    else
        JS.JSON.parse text

[<Emit("JSON.stringify($0, $1, $2)")>]
let private stringifyWith (_value: obj) (_replace: Func<string, obj, obj>) (_indent: int) : string = jsNative

let private replace (value: obj) : obj =
    match value with
    | :? ExactNumber as exact -> box (mark + exact.Digits)
    | other -> other

let private markedText = Regex("\"" + mark + "([-+.\\deE]+)\"")

/// Writes a value as JSON. Members are on lines of their own with this indent; 0 writes one line.
let print (indent: int) (value: obj) : string =
    let text =
        stringifyWith value (Func<_, _, _>(fun (_: string) (value: obj) -> replace value)) indent

    markedText.Replace(text, "$1")
