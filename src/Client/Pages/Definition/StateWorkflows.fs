/// The workflows under the diagram: those of the state that is chosen, or the newest.
module GopherFlow.Client.Pages.Definition.StateWorkflows

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Definition.Model

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
            let page = Queries.useWorkflows filter

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
                            Html.span [ prop.className "faint"; prop.text numbers ]
                            if props.several then
                                Html.span [ prop.className "faint"; prop.text "The list has those of all versions." ]
                            link (Router.Workflows filter) "Open as a list"
                            if props.model.Selected.IsSome then
                                button Plain Icons.cross "All states" None (fun () -> props.dispatch StateLeft)
                        ]
                    ]
                    Html.div [
                        prop.className (if page.Previous then "results stale" else "results")
                        prop.children [
                            shown "workflows" page (fun page ->
                                if page.Workflows.IsEmpty then
                                    Basics.empty
                                        (match props.model.Selected with
                                         | Some state -> $"No workflow is in {state}."
                                         | None -> "No workflow of this type was started yet.")
                                        []
                                else
                                    Workflows.rows page)
                        ]
                    ]
                ]
            ]
    )
