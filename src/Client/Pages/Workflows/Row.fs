/// One row of the list: a line of cells, or a card of two lines where the window is narrow.
module GopherFlow.Client.Pages.Workflows.Row

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflows.Columns

type Row = {
    Workflow: Workflow
    /// Its index in the list, from 0.
    Index: int
    /// The pixels above it.
    Start: float
    IsChosen: bool
    Columns: Column list
    /// Gets whether Shift was held.
    Choose: Id -> bool -> unit
}

let private faint (text: string) =
    Html.span [ prop.className "faint"; prop.text text ]

let private cut (text: string) =
    Html.span [ prop.className "cut"; prop.title text; prop.text text ]

let private due (workflow: Workflow) =
    if Workflow.isOver workflow then
        faint "–"
    else
        Clock.timeOr "–" workflow.NextActivation

let private waitsFor (workflow: Workflow) =
    match workflow.WaitsFor with
    | Some reason -> Html.span reason
    | None -> faint "–"

let private content (workflow: Workflow) (column: Column) : ReactElement =
    match column with
    | Column.Id -> workflowLink workflow.Id
    | Column.Type -> cut workflow.WorkflowType
    | Column.Status -> statusChip workflow.Status
    | Column.State -> cut workflow.State
    | Column.WaitsFor -> waitsFor workflow
    | Column.Key -> cut workflow.BusinessKey
    | Column.ExternalId -> cut workflow.ExternalId
    | Column.Group -> cut workflow.ExecutorGroup
    | Column.Priority -> Html.span (string workflow.Priority)
    | Column.Version -> cut workflow.Version
    | Column.Attempts -> Html.span (string workflow.ExecutionCount)
    | Column.Parent ->
        match workflow.ParentWorkflowId with
        | Some parent -> workflowLink parent
        | None -> faint "–"
    | Column.Due -> due workflow
    | Column.Created -> Clock.time {| at = workflow.Created |}
    | Column.Ended -> Clock.timeOr "–" workflow.Finished
    | Column.Changed -> Clock.time {| at = workflow.Modified |}

let private cell (workflow: Workflow) (column: Column) : ReactElement =
    Html.div [
        prop.key (name column)
        prop.role "cell"
        prop.className "cell"
        prop.data ("column", name column)
        prop.children [ content workflow column ]
    ]

let private mark (row: Row) : ReactElement =
    Html.div [
        prop.role "cell"
        prop.className "cell"
        prop.data ("column", "mark")
        prop.children [
            Html.label [
                prop.className "mark-field"
                prop.children [
                    Html.input [
                        prop.type' "checkbox"
                        prop.ariaLabel $"Select workflow {row.Workflow.Id}"
                        prop.custom ("checked", row.IsChosen)
                        prop.custom (
                            "onChange",
                            (fun (event: obj) -> row.Choose row.Workflow.Id (unbox<bool> event?nativeEvent?shiftKey))
                        )
                    ]
                ]
            ]
        ]
    ]

/// Moves the focus to the link of the previous or next row, if that row is rendered.
let private step (event: obj) : unit =
    let row: obj = event?currentTarget

    let other: obj =
        match event?key with
        | "ArrowDown" -> row?nextElementSibling
        | "ArrowUp" -> row?previousElementSibling
        | _ -> null

    if not (isNullOrUndefined other) then
        event?preventDefault ()
        let link: obj = other?querySelector "a"

        if not (isNullOrUndefined link) then
            link?focus ()

let private isOwn (event: obj) : bool =
    event?defaultPrevented
    || not (isNullOrUndefined (event?target?closest "a, button, input, label"))

let private draw (row: Row) : ReactElement =
    Html.div [
        prop.role "row"
        prop.className "list-row"
        prop.custom ("aria-rowindex", row.Index + 2)
        prop.data ("chosen", (if row.IsChosen then "true" else "false"))
        prop.testId $"workflow-{row.Workflow.Id}"
        prop.style [ style.custom ("transform", $"translateY({row.Start}px)") ]
        prop.onKeyDown step
        prop.onClick (fun event ->
            if not (isOwn event) then
                Router.go (Router.Workflow row.Workflow.Id))
        prop.children [ mark row; yield! List.map (cell row.Workflow) row.Columns ]
    ]

let private same (one: obj) (other: obj) = obj.ReferenceEquals(one, other)

/// Rendered again only when something in the row has changed.
let private kind =
    React.memoKind (
        "WorkflowRow",
        (fun (props: {| row: Row |}) -> draw props.row),
        fun one other ->
            same one.row.Workflow other.row.Workflow
            && one.row.Start = other.row.Start
            && one.row.Index = other.row.Index
            && one.row.IsChosen = other.row.IsChosen
            && same one.row.Columns other.row.Columns
            && same one.row.Choose other.row.Choose
    )

let view (row: Row) : ReactElement =
    Interop.createElement (kind, createObj [ "key", box row.Workflow.Id; "row", box row ])
