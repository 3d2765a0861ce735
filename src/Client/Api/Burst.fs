/// Batches events that arrive close together, so that a burst updates the page once and not thousands of times.
module GopherFlow.Client.Api.Burst

open Fable.Core

/// The milliseconds that a single event waits: too short to notice.
let private quiet = 10

/// The milliseconds between batches while a batch has more than `many` events: the page updates ten times a second and can react
/// in between.
let private busy = 100

let private many = 20

/// A `hidden` tab does not wait, because its timers fire late.
type Burst<'t>(hidden: unit -> bool, pass: 't list -> unit) =
    let held = ResizeArray<'t>()
    let mutable timer: int option = None
    let mutable pause = quiet

    member _.Flush() : unit =
        timer |> Option.iter JS.clearTimeout
        timer <- None

        if held.Count > 0 then
            let all = List.ofSeq held
            held.Clear()
            pause <- if all.Length > many then busy else quiet
            pass all

    member this.Add(one: 't) : unit =
        held.Add one

        if hidden () then
            this.Flush()
        elif timer.IsNone then
            timer <- Some(JS.setTimeout this.Flush pause)
