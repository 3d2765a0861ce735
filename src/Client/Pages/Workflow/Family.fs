/// The parent and the children of a workflow, as a tree that opens level by level.
module GopherFlow.Client.Pages.Workflow.Family

// The components for branches and levels refer to each other.
#nowarn "40"

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow.Model

/// The number of workflows of each status, in the order of the statuses.
let counts (workflows: Workflow list) : (string * int) list =
    Status.all
    |> List.map (fun (wire, _) ->
        wire, workflows |> List.filter (fun workflow -> workflow.Status = wire) |> List.length)
    |> List.filter (fun (_, count) -> count > 0)

let private countChips (page: WorkflowPage) : ReactElement =
    Html.div [
        prop.className "row counts"
        prop.children [
            for wire, count in counts page.Workflows do
                Html.span [
                    prop.key wire
                    prop.className "chip"
                    prop.data ("status", wire)
                    prop.text $"{count} {(Status.word (Status.ofWire wire)).ToLowerInvariant()}"
                ]
            if page.Next.IsSome then
                Html.span [ prop.className "faint"; prop.text $"of the first {page.Workflows.Length}" ]
        ]
    ]

let private parentLine =
    React.functionComponent (
        "ParentLine",
        fun (props: {| id: Id |}) ->
            let parent = Queries.useWorkflow props.id

            Html.p [
                prop.className "drawer-note family-parent"
                prop.children [
                    Icons.up
                    Html.text "Child of "
                    workflowLink props.id
                    match parent.Data with
                    | Some parent ->
                        Html.span [ prop.className "value"; prop.text parent.WorkflowType ]
                        statusChip parent.Status
                    | None -> ()
                ]
            ]
    )

let rec private branch
    : {|
        workflow: Workflow
        chosen: Id option
        dispatch: Message -> unit
        key: string
    |}
        -> ReactElement =
    React.functionComponent (
        "Branch",
        fun
            (props:
                {|
                    workflow: Workflow
                    chosen: Id option
                    dispatch: Message -> unit
                    key: string
                |}) ->
            let child = props.workflow
            let isOpen, turn = React.useState false

            Html.li [
                prop.testId $"branch-{child.Id}"
                prop.children [
                    Html.div [
                        prop.className "branch"
                        prop.data ("chosen", (if props.chosen = Some child.Id then "true" else "false"))
                        prop.children [
                            Html.button [
                                prop.type' "button"
                                prop.className "twist"
                                prop.ariaLabel $"Children of {child.Id}"
                                prop.custom ("aria-expanded", isOpen)
                                prop.onClick (fun _ -> turn (not isOpen))
                                prop.children [ Icons.twist ]
                            ]
                            Html.button [
                                prop.type' "button"
                                prop.className "branch-name"
                                prop.ariaPressed ((props.chosen = Some child.Id))
                                prop.title $"Show its diagram beside ({child.BusinessKey})"
                                prop.onClick (fun _ -> props.dispatch (ChildTurned child.Id))
                                prop.children [
                                    Html.span [ prop.className "value"; prop.text child.WorkflowType ]
                                    Html.span [ prop.className "faint value"; prop.text child.State ]
                                ]
                            ]
                            statusChip child.Status
                            workflowLink child.Id
                        ]
                    ]
                    if isOpen then
                        level {|
                            parent = child.Id
                            chosen = props.chosen
                            dispatch = props.dispatch
                        |}
                ]
            ]
    )

/// The children of one workflow; more pages on demand.
and private level
    : {|
        parent: Id
        chosen: Id option
        dispatch: Message -> unit
    |}
        -> ReactElement =
    React.functionComponent (
        "Level",
        fun
            (props:
                {|
                    parent: Id
                    chosen: Id option
                    dispatch: Message -> unit
                |}) ->
            let pages, setPages = React.useState 1
            let family = Queries.useFamily props.parent pages

            let busy =
                if family.Previous then
                    Some "More are being loaded."
                else
                    None

            shown "the children" family (fun page ->
                Html.fragment [
                    if page.Workflows.IsEmpty then
                        Html.p [ prop.className "drawer-note plain"; prop.text "No children." ]
                    else
                        countChips page

                        Html.ul [
                            prop.className "tree"
                            prop.children [
                                for child in page.Workflows ->
                                    branch {|
                                        workflow = child
                                        chosen = props.chosen
                                        dispatch = props.dispatch
                                        key = string child.Id
                                    |}
                            ]
                        ]
                    if page.Next.IsSome then
                        button Plain Icons.list "More children" busy (fun () -> setPages (pages + 1))
                ])
    )

let view (workflow: Workflow) (chosen: Id option) (dispatch: Message -> unit) : ReactElement =
    Html.div [
        match workflow.ParentWorkflowId with
        | Some parent -> parentLine {| id = parent |}
        | None -> ()
        level {|
            parent = workflow.Id
            chosen = chosen
            dispatch = dispatch
        |}
    ]
