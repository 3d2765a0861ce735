/// The variables of a workflow, and setting one.
module GopherFlow.Client.Pages.WorkflowVariables

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

/// Text as it is, anything else as JSON.
let textOf (value: obj) : string =
    if jsTypeof value = "string" then
        unbox value
    else
        JS.JSON.stringify (value, unbox null, 2)

let private variable (key: string, value: obj) : ReactElement =
    Html.div [
        prop.key key
        prop.className "variable"
        prop.testId $"variable-{key}"
        prop.children [
            Html.div [ prop.className "variable-key"; prop.text key ]
            Html.pre [ prop.className "variable-value"; prop.tabIndex 0; prop.text (textOf value) ]
        ]
    ]

/// The value to send: text, or what the text means as JSON.
let parseValue (isJson: bool) (text: string) : Result<obj, string> =
    if not isJson then
        Ok(box text)
    else
        match Json.tryParse text with
        | Some value -> Ok value
        | None -> Result.Error "This is not JSON. Text stands in double quotes, as in \"Julian\"."

let private setForm =
    React.functionComponent (
        "SetVariable",
        fun
            (props:
                {|
                    id: Id
                    disabledBecause: string option
                |}) ->
            let key, setKey = React.useState ""
            let value, setValue = React.useState ""
            let kind, setKind = React.useState "text"
            let busy, setBusy = React.useState false
            let keyFault, setKeyFault = React.useState (None: string option)
            let valueFault, setValueFault = React.useState (None: string option)
            let refusal, setRefusal = React.useState (None: string option)

            let save (value: obj) =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        do! Calls.setVariable props.id (key.Trim()) value
                        setKey ""
                        setValue ""
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)

                    setBusy false
                }

            let submit () =
                let parsed = parseValue (kind = "json") value

                setKeyFault (
                    if key.Trim() = "" then
                        Some "Enter the name of the variable."
                    else
                        None
                )

                setValueFault (
                    match parsed with
                    | Result.Error text -> Some text
                    | Ok _ -> None
                )

                match parsed with
                | Ok value when key.Trim() <> "" -> start (save value)
                | _ -> ()

            Forms.form "set-variable" submit [
                Html.h2 "Set variable"
                match props.disabledBecause with
                | Some reason -> Html.p [ prop.className "hint"; prop.text reason ]
                | None ->
                    Forms.refusal refusal

                    Forms.textField
                        {
                            Label = "Key"
                            Name = "variable-key"
                            Value = key
                            Hint = ""
                            Fault = keyFault
                            Set = setKey
                        }
                        []

                    Forms.choiceField
                        {
                            Label = "Value is"
                            Name = "variable-kind"
                            Value = kind
                            Hint = ""
                            Fault = None
                            Set = setKind
                        }
                        [ "text", "Text"; "json", "JSON" ]

                    Forms.areaField
                        {
                            Label = "Value"
                            Name = "variable-value"
                            Value = value
                            Hint = ""
                            Fault = valueFault
                            Set = setValue
                        }
                        3

                    Forms.submit "Set variable" busy
            ]
    )

/// The variables as they were at a position of the history.
let at =
    React.functionComponent (
        "VariablesAt",
        fun (props: {| id: Id; position: Id |}) ->
            shown "the variables" (Queries.useVariablesAt props.id (Some props.position)) (fun found ->
                let values = Json.entriesOf found.Values

                Html.div [
                    prop.className "variables"
                    prop.children [
                        if values.IsEmpty && found.Unknown.IsEmpty then
                            Basics.empty "There were no variables yet." []
                        for value in values do
                            variable value
                        for name in found.Unknown do
                            variable (name, box "(the history does not keep it)")
                    ]
                ])
    )

let view (workflow: Workflow) (disabledBecause: string option) : ReactElement =
    Html.div [
        if (Workflow.variables workflow).IsEmpty then
            Basics.empty "This workflow has no variables." []
        else
            Html.div [
                prop.className "variables"
                prop.children (List.map variable (Workflow.variables workflow))
            ]

        setForm {|
            id = workflow.Id
            disabledBecause = disabledBecause
        |}
    ]
