/// The workflows under the diagram: those in the selected state, or the newest.
module GopherFlow.Client.Pages.Definition.StateWorkflows

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages.Definition.Model

/// At most this many workflows are shown here; the list shows all.
let private most = 50

let private table: Table.Table<Workflow> = {
    Label = "Workflows"
    Key = fun (workflow: Workflow) -> string workflow.Id
    Open = Some(fun (workflow: Workflow) -> Router.Workflow workflow.Id)
    Columns = [
        {
            Table.column "ID" (fun (workflow: Workflow) -> [ workflowLink workflow.Id ]) with
                Align = Table.Number
        }
        Table.column "Status" (fun (workflow: Workflow) -> [ statusChip workflow.Status ])
        Table.text "State" (fun (workflow: Workflow) -> workflow.State)
        Table.cut "Business key" (fun (workflow: Workflow) -> workflow.BusinessKey)
        Table.cut "External ID" (fun (workflow: Workflow) -> workflow.ExternalId)
        Table.column "Next activation" (fun (workflow: Workflow) -> [ Clock.timeOr "–" workflow.NextActivation ])
        Table.column "Modified" (fun (workflow: Workflow) -> [ Clock.time {| at = workflow.Modified |} ])
    ]
}

let view =
    React.functionComponent (
        "WorkflowsOfState",
        fun
            (props:
                {|
                    definition: Definition
                    counts: WorkflowCount list
                    several: bool
                    model: Model
                    dispatch: Msg -> unit
                |}) ->
            let filter = Update.filter props.definition.Name props.model
            let listing = Queries.useListing filter

            let title, numbers =
                match props.model.Selected with
                | Some state ->
                    $"In {state}",
                    (match Update.tally props.definition (Some state) props.counts with
                     | [] -> "none on this version"
                     | tally -> $"{Tally.text tally} on this version")
                | None -> "Newest workflows", ""

            Html.section [
                prop.ariaLabel title
                prop.className "state-workflows"
                prop.children [
                    Html.div [
                        prop.className "section-head"
                        prop.children [
                            Html.h2 [ prop.title title; prop.text title ]
                            if numbers <> "" then
                                Html.span [ prop.className "faint"; prop.text numbers ]
                            if props.several then
                                Html.span [ prop.className "faint"; prop.text "The list includes all versions." ]
                            link (Router.Workflows filter) "Open as a list"
                            if props.model.Selected.IsSome then
                                button Plain Icons.cross "All states" None (fun () -> props.dispatch StateLeft)
                        ]
                    ]
                    Html.div [
                        prop.className (if listing.Previous then "results stale" else "results")
                        prop.children [
                            shown "workflows" listing (fun listing ->
                                if Array.isEmpty listing.Rows then
                                    Basics.empty
                                        (match props.model.Selected with
                                         | Some state -> $"No workflow is in {state}."
                                         | None -> "No workflow of this type has been started yet.")
                                        []
                                else
                                    listing.Rows |> Array.truncate most |> List.ofArray |> Table.stacking table)
                        ]
                    ]
                ]
            ]
    )
