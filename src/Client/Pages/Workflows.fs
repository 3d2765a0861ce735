/// The list of workflows: filters that live in the address bar, newest first, paged by key, live.
module GopherFlow.Client.Pages.Workflows

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let private apply (filter: WorkflowFilter) : unit =
    Router.replace (Router.Workflows filter)

let private filtered (filter: WorkflowFilter) : unit = apply { filter with Cursor = None }

let private choice (label: string) (value: string) (options: (string * string) list) (choose: string -> unit) =
    Html.select [
        prop.key label
        prop.ariaLabel label
        prop.className (if value = "" then "filter" else "filter active")
        prop.value value
        prop.onChange choose
        prop.children [
            for value, text in options -> Html.option [ prop.key value; prop.value value; prop.text text ]
        ]
    ]

let private typed (label: string) (placeholder: string) (className: string) (value: string) (set: string -> unit) =
    Html.input [
        prop.key label
        prop.type' "search"
        prop.ariaLabel label
        prop.className [ "filter"; className; (if value = "" then "" else "active") ]
        prop.placeholder placeholder
        prop.spellcheck false
        prop.value value
        prop.onChange set
    ]

let private typesOf (filter: WorkflowFilter) (definitions: Definition list option) =
    let known = definitions |> Option.defaultValue [] |> List.map _.Name

    let names =
        if filter.Type = "" then
            known
        else
            List.distinct (known @ [ filter.Type ])

    ("", "All types") :: List.map (fun name -> name, name) names

let private filters (filter: WorkflowFilter) (definitions: Definition list option) : ReactElement =
    let statuses =
        ("", "Any status")
        :: (Status.all |> List.map (fun (wire, status) -> wire, Status.word status))

    Html.div [
        prop.className "filters"
        prop.role "search"
        prop.children [
            typed "Search" "ID, external ID or business key" "wide" filter.Text (fun text ->
                filtered { filter with Text = text })
            choice "Type" filter.Type (typesOf filter definitions) (fun name -> filtered { filter with Type = name })
            choice "Status" (filter.Status |> Option.map Status.wire |> Option.defaultValue "") statuses (fun wire ->
                filtered {
                    filter with
                        Status = Status.all |> List.tryFind (fst >> (=) wire) |> Option.map snd
                })
            typed "State" "State" "" filter.State (fun state -> filtered { filter with State = state })
            if isNarrow filter then
                Html.button [
                    prop.type' "button"
                    prop.className "button quiet"
                    prop.onClick (fun _ -> apply empty)
                    prop.children [ Icons.cross; Html.text "Clear filters" ]
                ]
        ]
    ]

let private columns = [
    "ID"
    "Type"
    "Status"
    "State"
    "Business key"
    "External ID"
    "Next activation"
    "Modified"
]

let private row (workflow: Workflow) : ReactElement =
    let page = Router.Workflow workflow.Id

    Html.tr [
        prop.key (string workflow.Id)
        prop.className "openable"
        prop.testId $"workflow-{workflow.Id}"
        prop.onClick (fun event ->
            // A click on the link inside has been handled there; selecting text opens nothing.
            if not event?defaultPrevented && isNullOrUndefined (event?target?closest "a") then
                Router.go page)
        prop.children [
            Html.td [ prop.className "number"; prop.children [ workflowLink workflow.Id ] ]
            Html.td workflow.WorkflowType
            Html.td [ statusChip workflow.Status ]
            Html.td workflow.State
            Html.td [
                prop.className "key"
                prop.title workflow.BusinessKey
                prop.text workflow.BusinessKey
            ]
            Html.td [
                prop.className "key"
                prop.title workflow.ExternalId
                prop.text workflow.ExternalId
            ]
            Html.td [
                if Workflow.isOver workflow then
                    Html.span [ prop.className "faint"; prop.text "–" ]
                else
                    Clock.timeOr "–" workflow.NextActivation
            ]
            Html.td [ Clock.time {| at = workflow.Modified |} ]
        ]
    ]

let private nothing (filter: WorkflowFilter) : ReactElement =
    if isNarrow filter then
        Basics.empty "No workflow matches these filters." [
            Html.p "The search finds whole ids, external ids and business keys, not parts of them."
            button Plain Icons.cross "Clear filters" None (fun () -> apply empty)
        ]
    else
        Basics.empty "There are no workflows yet." [
            Html.p "Start one here, or create one through the API; it appears at once."
            link Router.StartChoice "Start workflow"
        ]

let private pager (filter: WorkflowFilter) (page: WorkflowPage) : ReactElement =
    let last =
        if page.Next.IsNone then
            Some "There are no older workflows."
        else
            None

    let first =
        if filter.Cursor.IsNone then
            Some "These are the newest workflows."
        else
            None

    Html.div [
        prop.className "pager"
        prop.children [
            Html.span [
                prop.className "faint"
                prop.text $"{page.Workflows.Length} shown, newest first"
            ]
            button Plain Icons.up "Newest" first (fun () -> filtered filter)
            button Plain Icons.move "Older" last (fun () ->
                Router.go (Router.Workflows { filter with Cursor = page.Next }))
        ]
    ]

/// The rows of a page, each a link to its workflow.
let rows (page: WorkflowPage) : ReactElement =
    Html.div [
        prop.className "table-frame"
        prop.children [
            Html.table [
                prop.children [
                    Html.thead [
                        Html.tr [
                            for name in columns -> Html.th [ prop.key name; prop.scope "col"; prop.text name ]
                        ]
                    ]
                    Html.tbody (page.Workflows |> List.map row)
                ]
            ]
        ]
    ]

let private table (filter: WorkflowFilter) (page: WorkflowPage) : ReactElement =
    Html.fragment [
        if page.Workflows.IsEmpty then nothing filter else rows page

        if not page.Workflows.IsEmpty || filter.Cursor.IsSome then
            pager filter page
    ]

let view =
    React.functionComponent (
        "Workflows",
        fun
            (props:
                {|
                    filter: WorkflowFilter
                    session: Session
                |}) ->
            let definitions = Queries.useDefinitions ()
            let page = Queries.useWorkflows props.filter

            Html.div [
                prop.className "page"
                prop.children [
                    Html.header [
                        prop.className "page-head"
                        prop.children [
                            Html.h1 "Workflows"
                            linkWith Router.StartChoice [
                                prop.className "button primary"
                                prop.children [ Icons.play; Html.text "Start workflow" ]
                            ]
                        ]
                    ]
                    filters props.filter definitions.Data
                    Html.div [
                        prop.className (if page.Previous then "results stale" else "results")
                        prop.children [ shown "workflows" page (table props.filter) ]
                    ]
                ]
            ]
    )
