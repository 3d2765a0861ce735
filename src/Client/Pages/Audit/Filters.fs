module GopherFlow.Client.Pages.Audit.Filters

open Feliz
open GopherFlow.Client.Parts
open GopherFlow.Client.Pages.Audit.Model

let private field name label value set : Forms.Field = {
    Label = label
    Name = name
    Value = value
    Hint = ""
    Fault = None
    Set = set
}

let private actionList =
    Interop.element "datalist" [
        prop.id "audit-actions"
        prop.children [
            for value, text in Describe.actions -> Html.option [ prop.key value; prop.value value; prop.text text ]
        ]
    ]

let view (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let draft = model.Draft
    let set next = dispatch (Edit next)

    Forms.form "audit-filters" (fun () -> dispatch Apply) [
        Forms.textField (field "actor" "Who" draft.Actor (fun text -> set { draft with Actor = text })) [
            prop.type' "search"
            prop.placeholder "A user name"
        ]
        Forms.textField
            (field "action" "Action begins with" draft.Action (fun text -> set { draft with Action = text }))
            [ prop.custom ("list", "audit-actions"); prop.placeholder "workflow.cancel" ]
        actionList
        Forms.choiceField
            (field "targetKind" "On a" draft.TargetKind (fun kind -> set { draft with TargetKind = kind }))
            (("", "anything")
             :: (Describe.kinds |> List.map (fun kind -> kind, Describe.kindWord kind)))
        Forms.textField (field "targetId" "Id or name" draft.TargetId (fun text -> set { draft with TargetId = text })) []
        Forms.timeField (field "from" "From" draft.From (fun text -> set { draft with From = text }))
        Forms.timeField (field "to" "Until" draft.To (fun text -> set { draft with To = text }))
        Html.div [
            prop.className "audit-filter-end"
            prop.children [
                Html.button [ prop.type' "submit"; prop.className "button primary"; prop.text "Show" ]
                if model.Draft <> Update.everything || model.Shown.Filter <> Update.everything then
                    Html.button [
                        prop.type' "button"
                        prop.className "button quiet"
                        prop.onClick (fun _ -> dispatch Clear)
                        prop.text "Clear"
                    ]
            ]
        ]
    ]
