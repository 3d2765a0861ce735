/// Moves the focus to the heading of a new page, so that screen readers read the title and Tab starts there.
module GopherFlow.Client.Shell.Focus

open System
open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client

[<Emit("new MutationObserver($0)")>]
let private observer (_changed: unit -> unit) : obj = jsNative

let private heading () : obj =
    Browser.document?querySelector "main h1"

/// Whether the page has set the focus itself.
let private isTaken () : bool =
    let focused: obj = Browser.document?activeElement
    not (isNullOrUndefined (focused?closest "main input, main textarea, main select, dialog"))

let private focus (element: obj) : unit =
    element?tabIndex <- -1
    element?focus (createObj [ "preventScroll", box true ])

/// A page that is still loading has no heading yet: focus the heading when it appears, unless the user has moved the focus by
/// then.
let private whenItComes () : IDisposable =
    let main: obj = Browser.document?querySelector "main"
    let watch: obj option ref = ref None

    let stop () =
        watch.Value |> Option.iter (fun watch -> watch?disconnect ())

    focus main

    let look () =
        let found = heading ()

        if Browser.document?activeElement <> main then
            stop ()
        elif not (isNullOrUndefined found) then
            stop ()
            focus found

    let started = observer look
    watch.Value <- Some started
    started?observe (main, createObj [ "childList", box true; "subtree", box true ])
    React.createDisposable stop

/// Moves the focus whenever the title changes, but not when the console opens.
let useHeading (title: string) : unit =
    let shown = React.useRef title

    React.useEffect (
        (fun () ->
            if shown.current = title || isTaken () then
                shown.current <- title
                React.createDisposable ignore
            else
                shown.current <- title
                let found = heading ()

                if isNullOrUndefined found then
                    whenItComes ()
                else
                    focus found
                    React.createDisposable ignore),
        [| box title |]
    )
