/// Passes on together what comes close together, so that a burst of events is one change of the page and not thousands.
module GopherFlow.Client.Api.Burst

open Fable.Core

/// What is alone is passed on at once; a person does not see the difference.
let private quiet = 10

/// While more comes than `many` at a time the page is changed ten times a second, and has the time between for itself.
let private busy = 100

let private many = 20

/// The timers of a tab that is `hidden` come late, so there nothing waits for them.
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
