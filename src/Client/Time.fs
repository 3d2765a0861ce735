/// Formatting of instants: relative ("in 5 s", "3 min ago"), exact (local time), and durations.
module GopherFlow.Client.Time

open System
open Fable.Core
open GopherFlow.Contract

[<Emit("Date.parse($0)")>]
let private parseDate (_text: string) : float = jsNative

[<Emit("new Date($0).toISOString()")>]
let private isoOf (_milliseconds: float) : string = jsNative

[<Emit("new Date($0).getTimezoneOffset()")>]
let private offsetMinutes (_milliseconds: float) : float = jsNative

[<Emit("Date.now()")>]
let private clock () : float = jsNative

module Instant =
    let now () = Instant(clock ())
    let milliseconds (Instant value) = value
    let iso (Instant value) = isoOf value
    let add (milliseconds: float) (Instant value) = Instant(value + milliseconds)

    let tryParse (text: string) : Instant option =
        let value = parseDate text
        if Double.IsNaN value then None else Some(Instant value)

    let private local (Instant value) =
        isoOf(value - offsetMinutes value * 60000.0).Replace("T", " ")

    /// Local time to the second: 2026-11-22 19:00:00.
    let exact instant = (local instant).Substring(0, 19)

    let date instant = (local instant).Substring(0, 10)

let private second = 1000.0
let private minute = 60.0 * second
let private hour = 60.0 * minute
let private day = 24.0 * hour

/// A duration in its largest whole unit: "45 s", "12 min", "3 h", "9 d".
let private roughly (milliseconds: float) : string =
    let whole (unit: float) = int (floor (milliseconds / unit))

    if milliseconds < minute then $"{whole second} s"
    elif milliseconds < hour then $"{whole minute} min"
    elif milliseconds < day then $"{whole hour} h"
    else $"{whole day} d"

/// The distance of an instant from now, as text.
let relative (Instant now) (Instant at) : string =
    let distance = abs (at - now)

    if distance < second then "now"
    elif distance > 99.0 * day then Instant.date (Instant at)
    elif at > now then $"in {roughly distance}"
    else $"{roughly distance} ago"

/// A duration in seconds, exact: "10 s", "1 min 30 s", "1 h".
let duration (seconds: float) : string =
    let whole = int seconds

    let parts =
        [ whole / 3600, "h"; whole / 60 % 60, "min"; whole % 60, "s" ]
        |> List.filter (fun (count, _) -> count > 0)
        |> List.map (fun (count, unit) -> $"{count} {unit}")

    match parts with
    | [] when seconds > 0.0 -> $"{int (seconds * 1000.0)} ms"
    | [] -> "0 s"
    | _ -> String.Join(" ", parts)

/// Parses the value of a date-and-time field, which is in local time.
let ofLocalField (text: string) : Instant option =
    if String.IsNullOrWhiteSpace text then
        None
    else
        Instant.tryParse text
