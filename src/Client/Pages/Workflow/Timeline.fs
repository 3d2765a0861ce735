/// The timeline under the diagram, and the slider of time travel: one segment a stay in a state.
module GopherFlow.Client.Pages.Workflow.Timeline

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.Model
open GopherFlow.Client.Pages.Workflow.Stays

/// How long each entry is shown while it plays.
let private stepMilliseconds = 700

/// The most stays that can be told apart in the space.
let private mostStays = 24

let private mostTicks = 10

let private word (outcome: Outcome) : string =
    match outcome with
    | Passed -> "passed"
    | Retried -> "retried"
    | ByHand -> "hand"
    | Late -> "late"
    | Stands status -> Status.wire status

/// What is said of how it ended.
let private ending (outcome: Outcome) : string =
    match outcome with
    | Passed -> "went on"
    | Retried -> "went on after failed attempts"
    | ByHand -> "moved by hand"
    | Late -> "went on because nothing came in time"
    | Stands status -> Status.word status

let private attemptsOf (stay: Stay) : string list = [
    if stay.Attempts > 1 || stay.Failures > 0 then
        if stay.Attempts = 1 then
            "1 attempt"
        else
            $"{stay.Attempts} attempts"
    if stay.Failures > 0 then
        $"failed {Describe.times stay.Failures}"
]

let private story (now: Instant) (stay: Stay) : string =
    [
        stay.State
        if stay.RanSeconds > 0.0 then
            $"ran {Telling.length stay.RanSeconds}"
        match idleSeconds now stay with
        | idle when idle >= 1.0 && stay.Outcome <> Stands Finished && stay.Outcome <> Stands Failed ->
            $"waited {Telling.length idle}"
        | _ -> ()
        yield! attemptsOf stay
        ending stay.Outcome
    ]
    |> String.concat " · "

/// All entries of a stay, or as many of them, evenly.
let private ticked (stay: Stay) : HistoryEntry list =
    let count = stay.Entries.Length

    if count <= mostTicks then
        stay.Entries
    else
        let entries = Array.ofList stay.Entries
        [ for i in 0 .. mostTicks - 1 -> entries[i * (count - 1) / (mostTicks - 1)] ]

let private tick (here: Id option) (entry: HistoryEntry) : ReactElement =
    Html.span [
        prop.key (string entry.Id)
        prop.className "tick"
        prop.data ("entry", string entry.Id)
        prop.data ("failed", (if isFailure entry then "true" else "false"))
        prop.data ("here", (if here = Some entry.Id then "true" else "false"))
    ]

let private isEnd (stay: Stay) =
    match stay.Outcome with
    | Stands status -> Status.isOver status
    | _ -> false

let private segment (now: Instant) (position: Id option) (chosen: string option) (stay: Stay) : ReactElement =
    let ticks = ticked stay
    let isNow = position.IsNone && stay.Left.IsNone

    let here =
        match position with
        | None when isNow -> ticks |> List.tryLast |> Option.map _.Id
        | None -> None
        | Some at ->
            let isBefore = stay.Left.IsNone || (List.last stay.Entries).Id >= at

            if isBefore then
                ticks |> List.tryFindBack (fun entry -> entry.Id <= at) |> Option.map _.Id
            else
                None

    Html.div [
        prop.key $"{stay.Entries.Head.Id}"
        prop.className "stay"
        prop.testId $"stay-{stay.State}"
        prop.title (story now stay)
        prop.data ("outcome", word stay.Outcome)
        prop.data ("weight", string (weight stay))
        prop.data ("here", (if here.IsSome then "true" else "false"))
        prop.data ("chosen", (if chosen = Some stay.State then "true" else "false"))
        prop.data (
            "future",
            (if position |> Option.exists (fun at -> stay.Entries.Head.Id > at) then
                 "true"
             else
                 "false")
        )
        prop.children [
            Html.span [ prop.className "stay-name"; prop.text stay.State ]
            Html.div [ prop.className "ticks"; prop.children (List.map (tick here) ticks) ]
            if idleSeconds now stay >= 1.0 && not (isEnd stay) then
                Html.span [
                    prop.className "idle"
                    prop.data ("entry", string (List.last stay.Entries).Id)
                    prop.text (Telling.length (idleSeconds now stay))
                ]
        ]
    ]

let private piece now position chosen (segment': Segment) : ReactElement =
    match segment' with
    | Shown stay -> segment now position chosen stay
    | Folded(count, entry) ->
        Html.div [
            prop.key $"folded-{entry}"
            prop.className "stays-folded"
            prop.data ("entry", string entry)
            prop.title $"{count} more stays: click to go there"
            prop.text $"+{count}"
        ]

/// The entry under the pointer, at the height of the track.
let private pointed (event: obj) : Id option =
    let track = event?currentTarget
    let frame = track?getBoundingClientRect ()
    let middle: float = frame?top + frame?height / 2.0
    let found: obj = Browser.document?elementFromPoint (event?clientX, middle)

    if isNullOrUndefined found then
        None
    else
        let own = found?closest "[data-entry]"

        let cell =
            if isNullOrUndefined own then
                found?closest (".stay")
                |> fun stay ->
                    if isNullOrUndefined stay then
                        null
                    else
                        stay?querySelector "[data-entry]"
            else
                own

        if isNullOrUndefined cell then
            None
        else
            Router.tryId cell?dataset?entry

/// That the history goes on before what has been read.
let private olderStays (isReading: bool) (failed: bool) (read: unit -> unit) : ReactElement =
    Html.button [
        prop.type' "button"
        prop.className "as-link stays-folded"
        prop.testId "older-stays"
        prop.title "Read older entries"
        prop.onClick (fun _ -> read ())
        prop.text (
            if isReading then "Reading…"
            elif failed then "Could not be read: try again"
            else "Older"
        )
    ]

let private caption (entries: HistoryEntry[]) (position: Id option) (dispatch: Message -> unit) : ReactElement =
    let shown =
        match position with
        | None -> Array.tryHead entries
        | Some at -> entries |> Array.tryFind (fun entry -> entry.Id <= at)

    Html.div [
        prop.className "travel-caption"
        prop.children [
            match shown with
            | Some entry ->
                Html.span [
                    prop.className "travel-word"
                    prop.children [
                        Html.strong (if position.IsSome then "As it was: " else "Now: ")
                        Html.text (Describe.sentence entry)
                    ]
                ]

                Telling.at entry.At
            | None -> ()
            if position.IsSome then
                button Plain Icons.forward "Back to now" None (fun () -> dispatch (WentTo None))
        ]
    ]

let view =
    React.functionComponent (
        "Timeline",
        fun
            (props:
                {|
                    id: Id
                    entries: HistoryEntry[]
                    hasOlder: bool
                    isNewest: bool
                    stays: Stay list
                    position: Id option
                    playing: bool
                    state: string option
                    dispatch: Message -> unit
                |}) ->
            let now = Clock.useNow ()
            let dragging = React.useRef false
            let reading, setReading = React.useState false
            let failed, setFailed = React.useState false
            // The key that was pressed at the oldest entry; it leads on when older ones are here.
            let awaited, setAwaited = React.useState (None: string option)
            let entries, position, dispatch = props.entries, props.position, props.dispatch

            let newest = Array.tryHead entries |> Option.map _.Id

            let go (target: Id option) =
                let target = if target = newest then None else target

                if target <> position then
                    dispatch (WentTo target)

            let follow (event: obj) =
                match pointed event with
                | Some entry ->
                    setAwaited None
                    go (Some entry)
                | None -> ()

            let readOlder () =
                if props.isNewest && not reading then
                    promise {
                        setReading true
                        setFailed false

                        try
                            do! Queries.readOlder props.id
                        with _ ->
                            setAwaited None
                            setFailed true

                        setReading false
                    }
                    |> Promise.start
                // Far back, entries are read around the position, so move the position.
                elif not props.isNewest then
                    entries |> Array.tryLast |> Option.iter (fun oldest -> go (Some oldest.Id))

            // Tells whether the key leads anywhere.
            let travel (key: string) : bool =
                match going props.hasOlder entries props.stays position key with
                | Some(LeadsTo target) ->
                    setAwaited None
                    go target
                    true
                | Some NeedsOlder ->
                    setAwaited (Some key)
                    readOlder ()
                    true
                | None -> false

            React.useEffect (
                (fun () ->
                    match awaited with
                    | Some key when not (isOldest entries position) -> travel key |> ignore
                    | _ -> ()),
                [| box entries |]
            )

            React.useEffect (
                (fun () ->
                    if props.playing then
                        Browser.every stepMilliseconds (fun () -> dispatch (Played(step entries position 1)))
                    else
                        React.createDisposable ignore),
                [| box props.playing; box position; box entries |]
            )

            let play () =
                if not props.playing && position.IsNone then
                    entries
                    |> Array.tryLast
                    |> Option.iter (fun first -> dispatch (WentTo(Some first.Id)))

                dispatch PlayPressed

            let index = indexAt entries position

            Html.div [
                prop.className "scrubber"
                prop.role "group"
                prop.ariaLabel "Timeline"
                prop.testId "travel"
                prop.children [
                    Html.div [
                        prop.className "scrubber-line"
                        prop.children [
                            iconButton
                                Icons.stepBack
                                "One entry back"
                                (isOldest entries position && not props.hasOlder)
                                (fun () -> travel "ArrowLeft" |> ignore)
                            iconButton
                                (if props.playing then Icons.pause else Icons.play)
                                (if props.playing then
                                     "Stop"
                                 elif props.hasOlder then
                                     "Play what has been read of the history"
                                 else
                                     "Play the history")
                                (entries.Length < 2)
                                play
                            iconButton Icons.stepForward "One entry on" position.IsNone (fun () ->
                                travel "ArrowRight" |> ignore)

                            if props.hasOlder then
                                olderStays reading failed readOlder

                            Html.div [
                                prop.key "track"
                                prop.className "track"
                                prop.role "slider"
                                prop.tabIndex 0
                                prop.ariaLabel "Position in the history"
                                prop.custom ("aria-valuemin", 1)
                                prop.custom ("aria-valuemax", entries.Length)
                                prop.custom ("aria-valuenow", entries.Length - index)
                                prop.custom (
                                    "aria-valuetext",
                                    entries
                                    |> Array.tryItem index
                                    |> Option.map Describe.sentence
                                    |> Option.defaultValue ""
                                )
                                prop.onKeyDown (fun event ->
                                    if travel event?key then
                                        event?preventDefault ())
                                prop.custom (
                                    "onPointerDown",
                                    fun (event: obj) ->
                                        dragging.current <- true
                                        event?currentTarget?setPointerCapture(event?pointerId)
                                        follow event
                                )
                                prop.custom (
                                    "onPointerMove",
                                    fun (event: obj) ->
                                        if dragging.current then
                                            follow event
                                )
                                prop.custom ("onPointerUp", (fun (_: obj) -> dragging.current <- false))
                                prop.custom ("onPointerCancel", (fun (_: obj) -> dragging.current <- false))
                                prop.children (
                                    window mostStays position props.stays
                                    |> List.map (piece now position props.state)
                                )
                            ]
                        ]
                    ]
                    caption entries position dispatch
                ]
            ]
    )
