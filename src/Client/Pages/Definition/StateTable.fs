/// The states of a definition as a table, initially closed.
module GopherFlow.Client.Pages.Definition.StateTable

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram

let private table: Table.Table<State> = {
    Label = "States"
    Key = _.Name
    Open = None
    Columns = [
        Table.text "State" (fun state -> state.Name)
        Table.column "Type" (fun state -> [
            Html.span [
                prop.className "type-mark"
                prop.data ("type", state.Type)
                prop.text state.Type
            ]
        ])
        Table.text "Goes to" (fun state -> String.concat ", " state.GoesTo)
        Table.text "Undone by" (fun state -> state.CompensatedBy |> Option.defaultValue "–")
        Table.text "Retry" (fun state -> state.Retry |> Option.map Rules.retry |> Option.defaultValue "–")
        Table.text "Timeout" (fun state -> state.TimeoutSeconds |> Option.map duration |> Option.defaultValue "–")
        Table.text "Limits" (fun state ->
            match state.Limits with
            | [] -> "–"
            | limits -> limits |> List.map Rules.limit |> String.concat ", ")
    ]
}

let view (definition: Definition) : ReactElement =
    Html.details [
        prop.className "more-facts"
        prop.children [
            Html.summary $"States ({definition.States.Length})"
            Table.stacking table definition.States
        ]
    ]
