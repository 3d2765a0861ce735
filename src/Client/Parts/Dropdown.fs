/// A button with a panel below it. Escape closes the panel, and so does moving the focus out of it.
module GopherFlow.Client.Parts.Dropdown

open Feliz
open Fable.Core.JsInterop

let private leaves (event: obj) : bool =
    isNullOrUndefined event?relatedTarget
    || not (event?currentTarget?contains event?relatedTarget)

/// `body` gets the function that closes the panel.
let view =
    React.functionComponent (
        "Dropdown",
        fun
            (props:
                {|
                    icon: ReactElement
                    text: string
                    disabledBecause: string option
                    body: (unit -> unit) -> ReactElement
                |}) ->
            let isOpen, setOpen = React.useState false
            let button = React.useRef (null: obj)

            let close () =
                setOpen false
                button.current?focus ()

            Html.div [
                prop.className "dropdown"
                prop.onBlur (fun event ->
                    if leaves event then
                        setOpen false)
                prop.onKeyDown (fun event ->
                    if isOpen && event?key = "Escape" then
                        event?stopPropagation ()
                        close ())
                prop.children [
                    Html.button [
                        prop.ref button
                        prop.type' "button"
                        prop.className "button"
                        prop.custom ("aria-expanded", isOpen)
                        prop.custom ("aria-haspopup", "true")
                        prop.disabled props.disabledBecause.IsSome
                        match props.disabledBecause with
                        | Some reason -> prop.title reason
                        | None -> ()
                        prop.onClick (fun _ -> setOpen (not isOpen))
                        prop.children [ props.icon; Html.span props.text ]
                    ]
                    if isOpen then
                        Html.div [
                            prop.className "dropdown-panel"
                            prop.tabIndex -1
                            prop.children [ props.body close ]
                        ]
                ]
            ]
    )

/// An entry of the panel that runs an action.
let entry (text: string) (disabledBecause: string option) (act: unit -> unit) : ReactElement =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.className "dropdown-entry"
        prop.disabled disabledBecause.IsSome
        match disabledBecause with
        | Some reason -> prop.title reason
        | None -> ()
        prop.onClick (fun _ -> act ())
        prop.text text
    ]

/// An entry of the panel that is on or off.
let toggle (text: string) (isOn: bool) (isFixed: bool) (flip: unit -> unit) : ReactElement =
    Html.label [
        prop.key text
        prop.className "dropdown-toggle"
        prop.children [
            Html.input [
                prop.type' "checkbox"
                prop.custom ("checked", isOn)
                prop.disabled isFixed
                prop.custom ("onChange", (fun (_: obj) -> flip ()))
            ]
            Html.text text
        ]
    ]
