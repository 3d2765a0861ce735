/// The states of a definition as a table, closed until somebody wants it.
module GopherFlow.Client.Pages.Definition.StateTable

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Diagram

let private row (state: State) : ReactElement =
    Html.tr [
        prop.key state.Name
        prop.children [
            Html.td state.Name
            Html.td [
                Html.span [
                    prop.className "type-mark"
                    prop.data ("type", state.Type)
                    prop.text state.Type
                ]
            ]
            Html.td (String.concat ", " state.GoesTo)
            Html.td (state.Retry |> Option.map Rules.retry |> Option.defaultValue "–")
            Html.td (state.TimeoutSeconds |> Option.map duration |> Option.defaultValue "–")
        ]
    ]

let view (definition: Definition) : ReactElement =
    Html.details [
        prop.className "more-facts"
        prop.children [
            Html.summary $"States ({definition.States.Length})"
            Html.div [
                prop.className "table-frame"
                prop.children [
                    Html.table [
                        prop.children [
                            Html.thead [
                                Html.tr [
                                    for name in [ "State"; "Type"; "Goes to"; "Retry"; "Timeout" ] ->
                                        Html.th [ prop.key name; prop.scope "col"; prop.text name ]
                                ]
                            ]
                            Html.tbody (List.map row definition.States)
                        ]
                    ]
                ]
            ]
        ]
    ]
