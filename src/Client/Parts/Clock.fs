/// The current time, updated once a second for components with relative times, but not while the tab is hidden.
module GopherFlow.Client.Parts.Clock

open System
open System.Collections.Generic
open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time

let private listeners = Dictionary<int, Instant -> unit>()
let private lastKey = ref 0

let private tick () =
    if not (Browser.isHidden ()) then
        let now = Instant.now ()

        for listener in List.ofSeq listeners.Values do
            listener now

let private ticking = lazy (Browser.every 1000 tick)

let private subscribe (listener: Instant -> unit) : IDisposable =
    ticking.Force() |> ignore
    lastKey.Value <- lastKey.Value + 1
    let key = lastKey.Value
    listeners[key] <- listener
    React.createDisposable (fun () -> listeners.Remove key |> ignore)

let useNow () : Instant =
    let now, setNow = React.useState (Instant.now ())
    React.useEffect ((fun () -> subscribe setNow), [||])
    now

/// A relative time, with the exact one on hover.
let time =
    React.functionComponent (
        "Time",
        fun (props: {| at: Instant |}) ->
            let now = useNow ()

            Html.time [
                prop.className "time"
                prop.dateTime (Instant.iso props.at)
                prop.title $"{Instant.exact props.at} local time, {Instant.iso props.at}"
                prop.text (relative now props.at)
            ]
    )

/// A time that may be absent.
let timeOr (absent: string) (at: Instant option) : ReactElement =
    match at with
    | Some at -> time {| at = at |}
    | None -> Html.span [ prop.className "faint"; prop.text absent ]
