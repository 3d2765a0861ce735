/// Formatting that several parts of the page share.
module GopherFlow.Client.Pages.Workflow.Telling

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts

/// A duration in its two largest units.
let length (seconds: float) : string =
    if seconds < 1.0 then
        $"{max 1 (int (seconds * 1000.0))} ms"
    elif seconds < 60.0 then
        $"{int seconds} s"
    elif seconds < 3600.0 then
        duration seconds
    elif seconds < 86400.0 then
        duration (floor (seconds / 60.0) * 60.0)
    else
        let days = int (seconds / 86400.0)
        let hours = int (seconds / 3600.0) % 24
        if hours = 0 then $"{days} d" else $"{days} d {hours} h"

/// The local time, with the day if it is not today.
let private localTime (now: Instant) (at: Instant) : string =
    if Instant.date now = Instant.date at then
        (Instant.exact at).Substring 11
    else
        Instant.exact at

/// The local time, with the relative and the exact time on hover.
let at (instant: Instant) : ReactElement =
    let now = Instant.now ()

    Html.time [
        prop.className "time"
        prop.dateTime (Instant.iso instant)
        prop.title $"{relative now instant}, {Instant.exact instant} local time, {Instant.iso instant}"
        prop.text (localTime now instant)
    ]

let icon (mark: Describe.Mark) : ReactElement =
    match mark with
    | Describe.Begun -> Icons.play
    | Describe.Moved -> Icons.move
    | Describe.Ended -> Icons.check
    | Describe.Failed -> Icons.warning
    | Describe.Waited -> Icons.pause
    | Describe.ByPerson -> Icons.person
    | Describe.Signal -> Icons.signal
    | Describe.Child -> Icons.flow
    | Describe.Changed -> Icons.sliders
    | Describe.Repaired -> Icons.server

let tone (mark: Describe.Mark) : string =
    match mark with
    | Describe.Failed -> "bad"
    | Describe.Ended -> "good"
    | Describe.Repaired
    | Describe.Waited -> "warn"
    | Describe.ByPerson
    | Describe.Changed -> "hand"
    | Describe.Signal
    | Describe.Child -> "call"
    | Describe.Begun
    | Describe.Moved -> "move"
