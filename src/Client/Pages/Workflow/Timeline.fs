/// The timeline under the diagram, which is also the slider for the position: one segment for each stay in a state.
module GopherFlow.Client.Pages.Workflow.Timeline

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Workflow.Model
open GopherFlow.Client.Pages.Workflow.Stays

/// How long each entry is shown while the history plays, in milliseconds.
let private stepMilliseconds = 700

/// At most this many stays are shown, so that they can be distinguished.
let private mostStays = 24

/// The entry at the horizontal position of the pointer.
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

/// The button that loads older entries.
let private olderStays (reading: OlderEntries.Reading) (read: unit -> unit) : ReactElement =
    Html.button [
        prop.type' "button"
        prop.className "as-link stays-folded"
        prop.testId "older-stays"
        prop.title "Read older entries"
        prop.onClick (fun _ -> read ())
        prop.text (OlderEntries.text "Older" reading)
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
            // The key that was pressed at the oldest loaded entry. It takes effect when older entries have been loaded.
            let awaited, setAwaited = React.useState (None: string option)

            let reading, readPage = OlderEntries.useOlder props.id (fun () -> setAwaited None)

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
                if props.isNewest then
                    readPage ()
                // Far back, the entries around the position are loaded, so move the position.
                else
                    entries |> Array.tryLast |> Option.iter (fun oldest -> go (Some oldest.Id))

            // Returns whether the key does something.
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
                                     "Play the loaded part of the history"
                                 else
                                     "Play the history")
                                (entries.Length < 2)
                                play
                            iconButton Icons.stepForward "One entry forward" position.IsNone (fun () ->
                                travel "ArrowRight" |> ignore)

                            if props.hasOlder then
                                olderStays reading readOlder

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
                                    |> List.map (StayView.view now position props.state)
                                )
                            ]
                        ]
                    ]
                    caption entries position dispatch
                ]
            ]
    )
