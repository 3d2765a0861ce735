/// The variables: changed in place now; as they were, at a position of the history.
module GopherFlow.Client.Pages.Workflow.Variables

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflow
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

let private present =
    React.functionComponent (
        "VariablesNow",
        fun
            (props:
                {|
                    workflow: Workflow
                    reread: unit -> unit
                    disabledBecause: string option
                |}) ->
            let workflow = props.workflow
            let values = Workflow.variables workflow
            let edit, show = React.useState (None: Edit option)
            let begun = React.useRef 0
            let mayEdit = props.disabledBecause.IsNone
            // Why an edit was refused that was no longer open.
            let missed, setMissed = React.useState (None: string option)

            // What is open when an answer comes, not when it was asked for.
            let latest = React.useRef edit
            latest.current <- edit

            let beginWith (edit: Edit) =
                begun.current <- begun.current + 1
                setMissed None
                show (Some { edit with Number = begun.current })

            let answer (sent: Edit) (refusal: string option) =
                if isOpen sent latest.current then
                    show (answered sent refusal latest.current)
                else
                    refusal
                    |> Option.map (fun reason -> $"{sent.Name.Trim()} was not changed. {reason}")
                    |> setMissed

            let save (edit: Edit) =
                match changes edit with
                | Result.Error faulty -> show (Some faulty)
                | Ok changes ->
                    promise {
                        show (Some { edit with Busy = true })

                        try
                            do! RunCalls.changeVariables workflow.Id changes
                            answer edit None
                        with failure ->
                            // A conflict shows the value that is there now, once it has been read.
                            props.reread ()
                            failure |> Problem.ofException |> Problem.text |> Some |> answer edit
                    }
                    |> start

            let editing (name: string) =
                edit |> Option.filter (fun edit -> not edit.IsNew && edit.Name = name)

            let form (edit: Edit) =
                VariableEditor.view edit (conflict values edit) show save

            let actions (name: string) (value: obj) : ReactElement list = [
                if mayEdit then
                    iconButton Icons.pencil $"Change {name}" false (fun () -> beginWith (ofValue name value))
                    iconButton Icons.bin $"Remove {name}" false (fun () -> beginWith (remove name value))
            ]

            let gone =
                edit
                |> Option.filter (fun edit -> not edit.IsNew && not (List.exists (fst >> (=) edit.Name) values))

            Html.div [
                prop.className "variables"
                prop.children [
                    output workflow
                    match props.disabledBecause with
                    | Some reason -> Html.p [ prop.className "drawer-note"; prop.text reason ]
                    | None -> ()
                    Forms.refusal missed
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
                                | _ -> button Plain Icons.zoomIn "Add a variable" None (fun () -> beginWith add)
                            ]
                        ]
                ]
            ]
    )

let view
    (workflow: Workflow)
    (reread: unit -> unit)
    (disabledBecause: string option)
    (position: Id option)
    (entries: HistoryEntry[])
    : ReactElement =
    match position with
    | None ->
        present {|
            workflow = workflow
            reread = reread
            disabledBecause = disabledBecause
        |}
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
