/// A modal dialog. When it closes, the focus returns to the element that had it before.
module GopherFlow.Client.Parts.Modal

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client

type Modal = {
    Title: string
    /// One of the shapes in modal.css; empty for the default.
    Shape: string
    /// Whether the title is visible, or only for screen readers.
    ShowsTitle: bool
    /// None: Escape and a click outside do not close it.
    Close: (unit -> unit) option
}

let private focusBack (element: obj) : unit =
    if not (isNullOrUndefined element) && element?isConnected then
        element?focus ()

/// Focuses the element marked with data-first, or else the first field.
let private focusFirst (dialog: obj) : unit =
    let marked: obj = dialog?querySelector "[data-first]"

    if not (isNullOrUndefined marked) then
        marked?focus ()

let private component' =
    React.functionComponent (
        "Modal",
        fun
            (props:
                {|
                    modal: Modal
                    body: ReactElement
                    key: string
                |}) ->
            let modal = props.modal
            let element = React.useRef (null: obj)

            React.useEffect (
                (fun () ->
                    let before: obj = Browser.document?activeElement
                    element.current?showModal ()
                    focusFirst element.current
                    React.createDisposable (fun () -> focusBack before)),
                [||]
            )

            let close () =
                modal.Close |> Option.iter (fun close -> close ())

            Html.dialog [
                prop.ref element
                prop.className modal.Shape
                prop.ariaLabel modal.Title
                prop.custom (
                    "onCancel",
                    fun (event: obj) ->
                        event?preventDefault ()
                        close ()
                )
                // Browsers close a dialog on a second Escape, even if the cancel event was prevented.
                prop.custom (
                    "onClose",
                    fun (_: obj) ->
                        if modal.Close.IsNone then
                            element.current?showModal ()
                            focusFirst element.current
                        else
                            close ()
                )
                prop.custom (
                    "onMouseDown",
                    fun (event: obj) ->
                        if event?target = event?currentTarget && modal.Shape <> "" then
                            close ()
                )
                prop.children [
                    if modal.ShowsTitle then
                        Html.h2 modal.Title
                    props.body
                ]
            ]
    )

let view (modal: Modal) (body: ReactElement) : ReactElement =
    component' {|
        modal = modal
        body = body
        key = modal.Title
    |}

/// The usual dialog: with a title above its content, and closable.
let usual (title: string) (close: unit -> unit) (body: ReactElement) : ReactElement =
    view
        {
            Title = title
            Shape = ""
            ShowsTitle = true
            Close = Some close
        }
        body
