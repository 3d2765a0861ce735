/// The frame around a variable.
module GopherFlow.Client.Pages.Workflow.VariableFrame

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Pages.Workflow.VariableEdit

let valueOf (value: obj) : ReactElement =
    Html.pre [
        prop.className "variable-value"
        prop.tabIndex 0
        prop.data ("kind", (if jsTypeof value = "string" then "text" else "json"))
        prop.text (textOf value)
    ]

let frame (name: string) (marked: string option) (actions: ReactElement list) (content: ReactElement list) =
    Html.div [
        prop.key name
        prop.className "variable"
        prop.testId $"variable-{name}"
        prop.data ("changed", (if marked.IsSome then "true" else "false"))
        prop.children [
            Html.div [
                prop.className "variable-head"
                prop.children [
                    Html.span [ prop.className "variable-key"; prop.title name; prop.text name ]
                    match marked with
                    | Some mark -> Html.span [ prop.className "variable-mark"; prop.text mark ]
                    | None -> ()
                    yield! actions
                ]
            ]
            yield! content
        ]
    ]

let noted (text: string) : ReactElement =
    Html.p [ prop.className "faint"; prop.text text ]

let notKept = "The history does not keep it: it is secret, or too long."
