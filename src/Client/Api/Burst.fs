/// Passes on together what comes close together, so that a burst of events changes the page once and not thousands of times.
module GopherFlow.Client.Api.Burst

open Fable.Core

/// The milliseconds that a single event waits; a person does not notice them.
let private quiet = 10

/// The wait while more than `many` come at a time: the page changes ten times a second and can react in between.
let private busy = 100

let private many = 20

/// In a `hidden` tab nothing waits, because its timers fire late.
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
