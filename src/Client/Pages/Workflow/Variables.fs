/// The variables: changed in place now; as they were, at a position of the history.
module GopherFlow.Client.Pages.Workflow.Variables

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Pages.Workflow.VariableEdit

let private valueOf (value: obj) : ReactElement =
    Html.pre [
        prop.className "variable-value"
        prop.tabIndex 0
        prop.data ("kind", (if jsTypeof value = "string" then "text" else "json"))
        prop.text (textOf value)
    ]

let private frame (name: string) (marked: string option) (actions: ReactElement list) (content: ReactElement list) =
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

let private noted (text: string) : ReactElement =
    Html.p [ prop.className "faint"; prop.text text ]

let private notKept = "The history does not keep it: it is secret, or too long."

/// The variables as they were, what changed there marked.
let private past =
    React.functionComponent (
        "VariablesAt",
        fun
            (props:
                {|
                    id: Id
                    position: Id
                    entry: HistoryEntry option
                    before: Id option
                |}) ->
            let before = Queries.useVariablesAt props.id props.before
            let trace = props.entry |> Option.bind _.Variables

            let changed =
                match trace with
                | Some trace -> (Json.entriesOf trace.Set |> List.map fst) @ trace.Omitted |> Set.ofList
                | None -> Set.empty

            let removed = trace |> Option.map _.Removed |> Option.defaultValue []

            let formerly (name: string) : obj option =
                before.Data
                |> Option.bind (fun found -> Json.entriesOf found.Values |> List.tryFind (fst >> (=) name))
                |> Option.map snd

            let mark (name: string) =
                if changed.Contains name then Some "changed here" else None

            let former (name: string) : ReactElement =
                match formerly name with
                | Some value ->
                    Html.div [
                        prop.className "variable-former"
                        prop.children [ Html.span "before"; valueOf value ]
                    ]
                | None -> Html.none

            shown "the variables" (Queries.useVariablesAt props.id (Some props.position)) (fun found ->
                let values = Json.entriesOf found.Values

                Html.div [
                    prop.className "variables"
                    prop.children [
                        Html.p [
                            prop.className "drawer-note"
                            prop.text "As they were then. Go back to now to change them."
                        ]
                        if values.IsEmpty && found.Unknown.IsEmpty && removed.IsEmpty then
                            Basics.empty "There were no variables yet." []
                        for name, value in values do
                            frame name (mark name) [] [
                                valueOf value
                                if changed.Contains name then
                                    former name
                            ]
                        for name in found.Unknown do
                            frame name (mark name) [] [ noted notKept ]
                        for name in removed do
                            frame name (Some "removed here") [] [ former name ]
                    ]
                ])
    )

/// What somebody else has made of it meanwhile.
let private conflictOf (edit: Edit) (now: obj option) (accept: unit -> unit) (drop: unit -> unit) : ReactElement =
    Html.div [
        prop.className "conflict"
        prop.role "alert"
        prop.children [
            Html.strong "It has been changed since you began."
            Html.div [
                prop.className "variable-former"
                prop.children [
                    Html.span "it is now"
                    match now with
                    | Some value -> valueOf value
                    | None -> noted "removed"
                ]
            ]
            Html.div [
                prop.className "variable-former"
                prop.children [
                    Html.span "it was"
                    match edit.Before with
                    | Some value -> valueOf value
                    | None -> noted "not there"
                ]
            ]
            Html.div [
                prop.className "row"
                prop.children [
                    button Plain Icons.check "Keep mine" None accept
                    button Plain Icons.cross "Take theirs" None drop
                ]
            ]
        ]
    ]

let private editor (edit: Edit) (conflicting: obj option option) (show: Edit option -> unit) (save: Edit -> unit) =
    Forms.form "variable-form" (fun () -> save edit) [
        Forms.refusal edit.Refusal
        if edit.IsNew then
            Forms.textField
                {
                    Label = "Name"
                    Name = "variable-key"
                    Value = edit.Name
                    Hint = ""
                    Fault = edit.NameFault
                    Set =
                        fun text ->
                            show (
                                Some {
                                    edit with
                                        Name = text
                                        NameFault = None
                                }
                            )
                }
                [ prop.autoFocus true ]
        if edit.Removes then
            Html.p [
                prop.className "consequence"
                prop.text $"{edit.Name} is removed. A step that runs now is dropped and runs again without it."
            ]
        else
            Forms.areaField
                {
                    Label = "Value"
                    Name = "variable-value"
                    Value = edit.Text
                    Hint = ""
                    Fault = edit.TextFault
                    Set =
                        fun text ->
                            show (
                                Some {
                                    edit with
                                        Text = text
                                        TextFault = None
                                }
                            )
                }
                (min 12 (max 2 (edit.Text.Split('\n').Length)))

            Forms.choiceField
                {
                    Label = "Is"
                    Name = "variable-kind"
                    Value = (if edit.IsJson then "json" else "text")
                    Hint = ""
                    Fault = None
                    Set =
                        fun kind ->
                            show (
                                Some {
                                    edit with
                                        IsJson = (kind = "json")
                                        TextFault = None
                                }
                            )
                }
                [ "text", "Text"; "json", "JSON" ]
        match conflicting with
        | Some now -> conflictOf edit now (fun () -> show (Some(accept now edit))) (fun () -> show None)
        | None -> ()
        Html.div [
            prop.className "form-end"
            prop.children [
                Forms.cancel (fun () -> show None)
                Forms.submit
                    (if edit.Removes then "Remove"
                     elif edit.IsNew then "Add"
                     else "Save")
                    (edit.Busy || conflicting.IsSome)
            ]
        ]
    ]

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
            let mayEdit = props.disabledBecause.IsNone

            let save (edit: Edit) =
                match changes edit with
                | Result.Error faulty -> show (Some faulty)
                | Ok changes ->
                    promise {
                        show (Some { edit with Busy = true })

                        try
                            do! RunCalls.changeVariables workflow.Id changes
                            show None
                        with failure ->
                            // A conflict shows the value that is there now, once it has been read.
                            props.reread ()

                            show (
                                Some {
                                    edit with
                                        Busy = false
                                        Refusal = failure |> Problem.ofException |> Problem.text |> Some
                                }
                            )
                    }
                    |> start

            let editing (name: string) =
                edit |> Option.filter (fun edit -> not edit.IsNew && edit.Name = name)

            let form (edit: Edit) =
                editor edit (conflict values edit) show save

            let actions (name: string) (value: obj) : ReactElement list = [
                if mayEdit then
                    iconButton Icons.pencil $"Change {name}" false (fun () -> show (Some(ofValue name value)))
                    iconButton Icons.bin $"Remove {name}" false (fun () -> show (Some(remove name value)))
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
                                | _ -> button Plain Icons.zoomIn "Add a variable" None (fun () -> show (Some add))
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

        past {|
            id = workflow.Id
            position = at
            entry = index |> Option.bind (fun index -> Array.tryItem index entries)
            before =
                index
                |> Option.bind (fun index -> Array.tryItem (index + 1) entries)
                |> Option.map _.Id
        |}
