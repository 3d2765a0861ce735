/// A dialog over the page: the rest is out of reach until it closes, then the focus is where it was before.
module GopherFlow.Client.Parts.Modal

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client

type Modal = {
    Title: string
    /// One of the shapes in modal.css; empty for the usual.
    Shape: string
    /// Whether the title is seen, or told to screen readers alone.
    ShowsTitle: bool
    /// None: Escape and a click beside it do not close it.
    Close: (unit -> unit) option
}

let private focusBack (element: obj) : unit =
    if not (isNullOrUndefined element) && element?isConnected then
        element?focus ()

/// A dialog begins at its first field, unless another is marked.
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
                // A browser lets a second Escape close a dialog whatever its cancel event says.
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

/// One with a title over its content, which can be closed.
let usual (title: string) (close: unit -> unit) (body: ReactElement) : ReactElement =
    view
        {
            Title = title
            Shape = ""
            ShowsTitle = true
            Close = Some close
        }
        body
