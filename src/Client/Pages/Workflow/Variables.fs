/// The variables tab: current values, which can be edited, or the values at a position of the history.
module GopherFlow.Client.Pages.Workflow.Variables

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Pages.Workflow.OpenEdit
open GopherFlow.Client.Pages.Workflow.VariableEdit
open GopherFlow.Client.Pages.Workflow.VariableFrame

let private output (workflow: Workflow) : ReactElement =
    match workflow.Output with
    | Some output ->
        Html.section [
            prop.className "variable output"
            prop.ariaLabel "Output"
            prop.testId "output"
            prop.children [
                Html.div [
                    prop.className "variable-head"
                    prop.children [
                        Html.span [ prop.className "variable-key"; prop.text "Output" ]
                        Html.span [ prop.className "variable-mark good"; prop.text "the result" ]
                    ]
                ]
                valueOf output
            ]
        ]
    | None -> Html.none

let private present (workflow: Workflow) (openEdit: OpenEdit) (disabledBecause: string option) : ReactElement =
    let values = Workflow.variables workflow
    let edit = openEdit.Edit
    let mayEdit = disabledBecause.IsNone

    let editing (name: string) =
        edit |> Option.filter (fun edit -> not edit.IsNew && edit.Name = name)

    let form (edit: Edit) =
        VariableEditor.view edit (conflict values edit) openEdit.Show openEdit.Save

    let actions (name: string) (value: obj) : ReactElement list = [
        if mayEdit then
            iconButton Icons.pencil $"Change {name}" false (fun () -> openEdit.Begin(ofValue name value))
            iconButton Icons.bin $"Remove {name}" false (fun () -> openEdit.Begin(remove name value))
    ]

    let gone =
        edit
        |> Option.filter (fun edit -> not edit.IsNew && not (List.exists (fst >> (=) edit.Name) values))

    Html.div [
        prop.className "variables"
        prop.children [
            output workflow
            match disabledBecause with
            | Some reason -> Html.p [ prop.className "drawer-note"; prop.text reason ]
            | None -> ()
            Forms.refusal openEdit.Missed
            if values.IsEmpty then
                Basics.empty "This workflow has no variables." []
            for name, value in values do
                match editing name with
                | Some edit -> frame name None [] [ form edit ]
                | None -> frame name None (actions name value) [ valueOf value ]
            match gone with
            | Some edit -> frame edit.Name None [] [ form edit ]
            | None -> ()
            if mayEdit then
                Html.div [
                    prop.className "variable"
                    prop.children [
                        match edit with
                        | Some edit when edit.IsNew -> form edit
                        | _ -> button Plain Icons.zoomIn "Add a variable" None (fun () -> openEdit.Begin add)
                    ]
                ]
        ]
    ]

let view
    (workflow: Workflow)
    (openEdit: OpenEdit)
    (disabledBecause: string option)
    (position: Id option)
    (entries: HistoryEntry[])
    : ReactElement =
    match position with
    | None -> present workflow openEdit disabledBecause
    | Some at ->
        let index = entries |> Array.tryFindIndex (fun entry -> entry.Id <= at)

        VariablesThen.view {|
            id = workflow.Id
            position = at
            entry = index |> Option.bind (fun index -> Array.tryItem index entries)
            before =
                index
                |> Option.bind (fun index -> Array.tryItem (index + 1) entries)
                |> Option.map _.Id
        |}
