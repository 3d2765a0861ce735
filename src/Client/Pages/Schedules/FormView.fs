/// The dialogs of schedules: the form with its next due times, and the confirmation of a deletion.
module GopherFlow.Client.Pages.Schedules.FormView

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Schedules.Model

let private fieldsOf = [
    "name"
    "workflowType"
    "cron"
    "timeZone"
    "everySeconds"
    "stateVars"
    "businessKey"
    "executorGroup"
    "catchUpLimit"
]

let private serverFault (name: string) (problem: Problem option) : string option =
    problem
    |> Option.bind (fun problem -> problem.Faults |> List.tryFind (fun fault -> fault.Field.StartsWith name))
    |> Option.map _.Detail

/// The reason of a refusal, unless a field shows it.
let private refusal (model: Model) : ReactElement =
    let isTold (problem: Problem) =
        not problem.Faults.IsEmpty
        && problem.Faults
           |> List.forall (fun fault -> fieldsOf |> List.exists fault.Field.StartsWith)

    model.Problem
    |> Option.filter (isTold >> not)
    |> Option.map Problem.text
    |> Forms.refusal

let private ending (model: Model) (dispatch: Msg -> unit) (action: string) : ReactElement =
    Html.div [
        prop.className "form-end"
        prop.children [ Forms.cancel (fun () -> dispatch Close); Forms.submit action model.Busy ]
    ]

/// Shown when another user has changed the schedule: who, when, and a button to reopen the form.
let private overtaken (model: Model) (dispatch: Msg -> unit) : ReactElement =
    match model.Overtaken with
    | Some schedule ->
        Html.div [
            prop.className "refusal"
            prop.role "alert"
            prop.children [
                Html.p
                    $"Not saved: {schedule.ChangedBy} has changed it since you began, on {Instant.exact schedule.Changed}."
                Html.button [
                    prop.type' "button"
                    prop.className "button"
                    prop.onClick (fun _ -> dispatch (Change schedule))
                    prop.text "Discard my changes and show the current version"
                ]
            ]
        ]
    | None -> Html.none

let private form (model: Model) (dispatch: Msg -> unit) (action: string) (elements: ReactElement list) : ReactElement =
    Forms.form "dialog-form" (fun () -> dispatch Submit) [
        refusal model
        overtaken model dispatch
        yield! elements
        ending model dispatch action
    ]

let private preview (model: Model) : ReactElement =
    Html.div [
        prop.className "schedule-preview"
        prop.ariaLive "polite"
        prop.children [
            match model.Preview with
            | Unknown -> Html.span [ prop.className "faint"; prop.text "The next runs are shown here." ]
            | Faulty reason -> Html.span [ prop.className "fault"; prop.text reason ]
            | Due [] -> Html.span [ prop.className "fault"; prop.text "It is never due." ]
            | Due due ->
                Html.span [ prop.className "faint"; prop.text "Next runs, in local time" ]

                Html.ol [
                    prop.children [
                        for at in due ->
                            Html.li [
                                prop.key (Instant.iso at)
                                prop.children [ Html.text (Instant.exact at + " "); Clock.time {| at = at |} ]
                            ]
                    ]
                ]
        ]
    ]

let private typeField (field: Forms.Field) (definitions: Definition list) : ReactElement =
    let known = definitions |> List.map _.Name

    let names =
        if field.Value = "" || List.contains field.Value known then
            known
        else
            field.Value :: known

    Forms.choiceField field (("", "Choose…") :: [ for name in names -> name, name ])

let private filling (definitions: Definition list) (model: Model) (dispatch: Msg -> unit) (draft: Form) : ReactElement =
    let set next = dispatch (Edit next)
    let faults = if model.Tried then Update.faults draft else []

    let field name label hint value change : Forms.Field =
        let ours = faults |> List.tryFind (fst >> (=) name) |> Option.map snd

        {
            Label = label
            Name = name
            Value = value
            Hint = hint
            Fault = ours |> Option.orElse (serverFault name model.Problem)
            Set = change >> set
        }

    form model dispatch (if draft.Changes.IsSome then "Save" else "Add schedule") [
        if draft.Changes.IsNone then
            Forms.textField
                (field "name" "Name" "Letters, digits and . _ - ; it cannot be changed later." draft.Name (fun text -> {
                    draft with
                        Name = text
                }))
                [ prop.autoFocus true ]
        typeField
            (field "workflowType" "Starts" "" draft.WorkflowType (fun text -> { draft with WorkflowType = text }))
            definitions
        Forms.choiceField
            (field "timing" "Due" "" (if draft.IsCron then "cron" else "interval") (fun choice -> {
                draft with
                    IsCron = (choice = "cron")
            }))
            [ "cron", "By a cron expression"; "interval", "At an interval" ]
        Html.div [
            prop.className "field-pair"
            prop.children [
                if draft.IsCron then
                    Forms.textField
                        (field
                            "cron"
                            "Cron expression"
                            (Describe.cron draft.Cron
                             |> Option.defaultValue
                                 "Minute, hour, day, month, day of week; six fields begin with the second.")
                            draft.Cron
                            (fun text -> { draft with Cron = text }))
                        []

                    Forms.textField
                        (field "timeZone" "Time zone" "Such as UTC or Europe/Berlin" draft.TimeZone (fun text -> {
                            draft with
                                TimeZone = text
                        }))
                        []
                else
                    Forms.textField
                        (field
                            "everySeconds"
                            "Every"
                            "Counted from midnight UTC, not from now."
                            draft.Every
                            (fun text -> { draft with Every = text }))
                        [ prop.custom ("inputMode", "numeric") ]

                    Forms.choiceField
                        (field "unit" "Unit" "" draft.Unit (fun text -> { draft with Unit = text }))
                        Update.units
            ]
        ]
        preview model
        Forms.choiceField
            (field
                "overlap"
                "When another run has not ended"
                (Describe.overlap draft.Overlap)
                draft.Overlap
                (fun text -> { draft with Overlap = text }))
            Describe.overlaps
        Forms.choiceField
            (field "catchUp" "After an outage" (Describe.catchUp draft.CatchUp) draft.CatchUp (fun text -> {
                draft with
                    CatchUp = text
            }))
            Describe.catchUps
        if draft.CatchUp = "all" then
            Forms.textField
                (field
                    "catchUpLimit"
                    "At most"
                    "How many missed runs to make up for at most; the latest ones count."
                    draft.CatchUpLimit
                    (fun text -> { draft with CatchUpLimit = text }))
                [ prop.custom ("inputMode", "numeric") ]
        Forms.areaField
            (field "stateVars" "Variables" "A JSON object, the same for each run." draft.Variables (fun text -> {
                draft with
                    Variables = text
            }))
            4
        Forms.textField
            (field
                "businessKey"
                "Business key"
                "{schedule} stands for the name, {due} for the due instant."
                draft.BusinessKey
                (fun text -> { draft with BusinessKey = text }))
            []
        Html.div [
            prop.className "field-pair"
            prop.children [
                Forms.textField
                    (field "executorGroup" "Executor group" "" draft.ExecutorGroup (fun text -> {
                        draft with
                            ExecutorGroup = text
                    }))
                    []
                Forms.choiceField
                    (field "priority" "Priority" "" draft.Priority (fun text -> { draft with Priority = text }))
                    [
                        for priority in 1..9 ->
                            string priority,
                            match priority with
                            | 1 -> "1 (first)"
                            | 5 -> "5 (usual)"
                            | 9 -> "9 (last)"
                            | other -> string other
                    ]
            ]
        ]
    ]

let private deleting (model: Model) (dispatch: Msg -> unit) (name: string) : ReactElement =
    form model dispatch "Delete schedule" [
        Html.p [
            prop.className "consequence"
            prop.text $"{name} starts no more workflows. Workflows that it has started are not affected."
        ]
    ]

let view (definitions: Definition list) (model: Model) (dispatch: Msg -> unit) : ReactElement =
    let dialog title body =
        Modal.usual title (fun () -> dispatch Close) body

    match model.Dialog with
    | None -> Html.none
    | Some(Filling draft) ->
        let title =
            match draft.Changes with
            | Some schedule -> $"Change {schedule.Name}"
            | None -> "Add a schedule"

        dialog title (filling definitions model dispatch draft)
    | Some(Deleting name) -> dialog $"Delete {name}" (deleting model dispatch name)

/// The last result or refusal, outside a dialog.
let note (model: Model) : ReactElement =
    let problem =
        model.Problem
        |> Option.filter (fun _ -> model.Dialog.IsNone)
        |> Option.orElse model.Late

    Html.fragment [
        Forms.refusal (Option.map Problem.text problem)
        match model.Note with
        | Some text -> Html.div [ prop.className "done-note"; prop.role "status"; prop.text text ]
        | None -> Html.none
    ]
