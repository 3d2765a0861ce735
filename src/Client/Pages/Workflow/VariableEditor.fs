/// The form for adding, changing or removing a variable.
module GopherFlow.Client.Pages.Workflow.VariableEditor

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Workflow.VariableEdit
open GopherFlow.Client.Pages.Workflow.VariableFrame

/// Shows that another user has changed the variable, with both values.
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

let view (edit: Edit) (conflicting: obj option option) (show: Edit option -> unit) (save: Edit -> unit) =
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
                prop.text $"{edit.Name} is removed. A running step is dropped and runs again without it."
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
