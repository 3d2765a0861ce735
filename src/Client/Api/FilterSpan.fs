/// Ranges of time and of ids in the syntax of a filter: `1h`, `>2026-11-01`, `2026-11-01..2026-11-05`, `>17`.
module GopherFlow.Client.Api.FilterSpan

open System
open System.Text.RegularExpressions
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Time

type Span = {
    From: Instant option
    Before: Instant option
}

type Ids = { First: Id option; Last: Id option }

let private units =
    Map [
        "s", 1000.0
        "m", 60000.0
        "min", 60000.0
        "h", 3600000.0
        "d", 86400000.0
        "w", 604800000.0
    ]

/// Parses `30m`, `1h` or `2d` into milliseconds.
let private tryLength (text: string) : float option =
    let found = Regex.Match(text.Trim(), "^(\\d{1,6})\\s*(s|m|min|h|d|w)$")

    if found.Success then
        Some(float found.Groups[1].Value * units[found.Groups[2].Value])
    else
        None

[<Emit("new Date($0).setDate(new Date($0).getDate() + 1)")>]
let private nextDay (_milliseconds: float) : float = jsNative

/// An instant and its end: the next day for a date, the same instant for a time.
let private tryInstant (text: string) : (Instant * Instant) option =
    let text = text.Trim()

    if Regex.IsMatch(text, "^\\d{4}-\\d{2}-\\d{2}$") then
        Instant.tryParse (text + "T00:00")
        |> Option.map (fun day -> day, Instant(nextDay (Instant.milliseconds day)))
    elif Regex.IsMatch(text, "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}") then
        Instant.tryParse text |> Option.map (fun at -> at, at)
    else
        None

[<Literal>]
let LengthExpected = "a length of time such as 30m, 1h, 2d or 1w"

[<Literal>]
let SpanExpected =
    "1h or 2d for the time up to now, a date such as 2026-11-01, >2026-11-01, <2026-11-01, or two dates with .. between them"

[<Literal>]
let IdsExpected = "a number, >17, <17, or 17..40"

let private since (now: Instant) (milliseconds: float) : Span = {
    From = Some(Instant.add -milliseconds now)
    Before = None
}

/// A range that ends now.
let readLast (now: Instant) (text: string) : Result<Span, string> =
    match tryLength text with
    | Some length -> Ok(since now length)
    | None -> Result.Error LengthExpected

let private bound (text: string) : Span option =
    let after (sign: string) = tryInstant (text.Substring sign.Length)

    if text.StartsWith ">=" then
        after ">=" |> Option.map (fun (at, _) -> { From = Some at; Before = None })
    elif text.StartsWith "<=" then
        after "<=" |> Option.map (fun (_, next) -> { From = None; Before = Some next })
    elif text.StartsWith ">" then
        after ">" |> Option.map (fun (_, next) -> { From = Some next; Before = None })
    elif text.StartsWith "<" then
        after "<" |> Option.map (fun (at, _) -> { From = None; Before = Some at })
    else
        tryInstant text
        |> Option.filter (fun (at, next) -> next > at)
        |> Option.map (fun (at, next) -> { From = Some at; Before = Some next })

let private between (text: string) : Span option =
    match text.Split([| ".." |], StringSplitOptions.None) with
    | [| first; last |] ->
        match tryInstant first, tryInstant last with
        | Some(at, _), Some(_, next) when next > at -> Some { From = Some at; Before = Some next }
        | _ -> None
    | _ -> None

let read (now: Instant) (text: string) : Result<Span, string> =
    match tryLength text with
    | Some length -> Ok(since now length)
    | None ->
        match between text |> Option.orElse (bound text) with
        | Some span -> Ok span
        | None -> Result.Error SpanExpected

let private latest (several: Instant list) =
    if several.IsEmpty then None else Some(List.max several)

let private earliest (several: Instant list) =
    if several.IsEmpty then None else Some(List.min several)

/// The intersection of the ranges.
let meet (spans: Span list) : Span = {
    From = spans |> List.choose _.From |> latest
    Before = spans |> List.choose _.Before |> earliest
}

let tryId (text: string) : Id option =
    if Regex.IsMatch(text.Trim(), "^[1-9]\\d{0,14}$") then
        Some(float (text.Trim()))
    else
        None

let readIds (text: string) : Result<Ids, string> =
    let after (sign: string) = tryId (text.Substring sign.Length)

    let ids =
        if text.StartsWith ">=" then
            after ">=" |> Option.map (fun id -> { First = Some id; Last = None })
        elif text.StartsWith "<=" then
            after "<=" |> Option.map (fun id -> { First = None; Last = Some id })
        elif text.StartsWith ">" then
            after ">" |> Option.map (fun id -> { First = Some(id + 1.0); Last = None })
        elif text.StartsWith "<" then
            after "<"
            |> Option.filter (fun id -> id > 1.0)
            |> Option.map (fun id -> { First = None; Last = Some(id - 1.0) })
        else
            match text.Split([| ".." |], StringSplitOptions.None) |> Array.map tryId with
            | [| Some id |] -> Some { First = Some id; Last = Some id }
            | [| Some first; Some last |] when first <= last -> Some { First = Some first; Last = Some last }
            | _ -> None

    match ids with
    | Some ids -> Ok ids
    | None -> Result.Error IdsExpected
