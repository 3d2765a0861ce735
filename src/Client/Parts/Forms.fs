/// Fields of forms with their hints and errors.
module GopherFlow.Client.Parts.Forms

open Feliz
open Fable.Core
open Fable.Core.JsInterop

type Field = {
    Label: string
    Name: string
    Value: string
    Hint: string
    Fault: string option
    Set: string -> unit
}

let private frame (field: Field) (input: IReactProperty list -> ReactElement) : ReactElement =
    let note = $"{field.Name}-note"

    Html.div [
        prop.className "field"
        prop.children [
            Html.label [ prop.htmlFor field.Name; prop.text field.Label ]
            input [
                prop.id field.Name
                prop.name field.Name
                prop.value field.Value
                prop.onChange field.Set
                prop.ariaInvalid field.Fault.IsSome
                prop.ariaDescribedBy note
            ]
            Html.div [
                prop.id note
                prop.className (if field.Fault.IsSome then "fault" else "hint")
                prop.text (defaultArg field.Fault field.Hint)
            ]
        ]
    ]

let textField (field: Field) (more: IReactProperty list) : ReactElement =
    frame field (fun props -> Html.input (props @ [ prop.spellcheck false; prop.autoComplete "off" ] @ more))

let areaField (field: Field) (rows: int) : ReactElement =
    frame field (fun props -> Html.textarea (props @ [ prop.rows rows; prop.spellcheck false; prop.className "code" ]))

let timeField (field: Field) : ReactElement =
    frame field (fun props -> Html.input (props @ [ prop.type' "datetime-local"; prop.custom ("step", 1) ]))

/// A select field. Each option is a value and its text.
let choiceField (field: Field) (options: (string * string) list) : ReactElement =
    frame field (fun props ->
        Html.select (
            props
            @ [
                prop.children [
                    for value, text in options -> Html.option [ prop.key value; prop.value value; prop.text text ]
                ]
            ]
        ))

/// The first date-and-time field that is only half filled in: the browser returns an empty value for it.
[<Emit("Array.from($0.elements).find(element => element.validity.badInput)")>]
let private halfFilled (_form: obj) : obj = jsNative

/// Shows a validation message of the browser at the field, which gets the focus.
let private complain (field: obj) (text: string) : unit =
    let withdraw (_: obj) : unit = field?setCustomValidity ""
    field?setCustomValidity text
    field?reportValidity ()
    field?addEventListener ("blur", withdraw, createObj [ "once", box true ])

/// A form that submits without leaving the page, unless a date-and-time field is only half filled in.
let form (className: string) (submit: unit -> unit) (elements: ReactElement list) : ReactElement =
    Html.form [
        prop.className className
        prop.custom ("noValidate", true)
        prop.onSubmit (fun event ->
            event?preventDefault ()
            let field = halfFilled event?currentTarget

            if isNullOrUndefined field then
                submit ()
            else
                complain field "Enter the date and the time, or neither.")
        prop.children elements
    ]

let submit (text: string) (busy: bool) : ReactElement =
    Html.button [
        prop.type' "submit"
        prop.className "button primary"
        prop.disabled busy
        prop.text text
    ]

let cancel (act: unit -> unit) : ReactElement =
    Html.button [
        prop.type' "button"
        prop.className "button"
        prop.onClick (fun _ -> act ())
        prop.text "Back"
    ]

let tick (name: string) (text: string) (isOn: bool) (set: bool -> unit) : ReactElement =
    Html.label [
        prop.className "tick-box"
        prop.children [
            Html.input [
                prop.type' "checkbox"
                prop.name name
                prop.custom ("checked", isOn)
                prop.custom ("onChange", (fun (event: obj) -> set event?target?``checked``))
            ]
            Html.text text
        ]
    ]

/// Why a request was refused, if the reason does not belong to a single field.
let refusal (text: string option) : ReactElement =
    match text with
    | Some text -> Html.div [ prop.className "refusal"; prop.role "alert"; prop.text text ]
    | None -> Html.none
