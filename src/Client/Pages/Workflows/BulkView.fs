/// The view of the dialog for an operation on many workflows.
module GopherFlow.Client.Pages.Workflows.BulkView

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflows.Bulk
open GopherFlow.Client.Pages.Workflows.Selection

let private row (count': JobForecastCount) : ReactElement =
    Html.tr [
        prop.key $"{count'.WorkflowType} {count'.Status}"
        prop.children [
            Html.td count'.WorkflowType
            Html.td [ statusChip count'.Status ]
            Html.td [ prop.className "amount"; prop.text (Describe.count count'.Count) ]
        ]
    ]

let private forecast (bulk: Bulk) : ReactElement =
    match bulk.Forecast with
    | Counting -> loading "the forecast"
    | NotCounted problem -> Forms.refusal (Some(Problem.text problem))
    | Counted forecast when forecast.Total = 0.0 ->
        Html.p [
            prop.className "consequence"
            prop.text "None of them can be changed this way: their statuses do not allow it."
        ]
    | Counted forecast ->
        Html.fragment [
            Html.div [
                prop.className "bulk-forecast"
                prop.children [
                    Html.table [
                        prop.ariaLabel "Forecast"
                        prop.children [ Html.tbody (List.map row forecast.Counts) ]
                    ]
                ]
            ]
            match bulk.Target.Chosen with
            | Some chosen when float chosen <> forecast.Total ->
                Html.p [
                    prop.className "hint"
                    prop.text
                        $"Of the {Describe.count (float chosen)} that are selected, {Describe.count forecast.Total} can be changed this way. The others stay as they are."
                ]
            | _ -> ()
        ]

let private field label name value hint set : Forms.Field = {
    Label = label
    Name = name
    Value = value
    Hint = hint
    Fault = None
    Set = set
}

let private check (text: string) (isOn: bool) (flip: unit -> unit) = Dropdown.toggle text isOn false flip

let private priorities =
    ("", "As it is")
    :: [
        for priority in 1..9 ->
            string priority,
            match priority with
            | 1 -> "1 (first)"
            | 9 -> "9 (last)"
            | _ -> string priority
    ]

/// The fields of the operation.
let private details (known: Suggestions.Known) (draft: Draft) (kind: Kind) (set: Draft -> unit) : ReactElement list =
    match kind with
    | Cancel -> [
        check "Also their children, and all descendants" draft.Children (fun () ->
            set {
                draft with
                    Children = not draft.Children
            })
      ]
    | Place -> [
        Forms.choiceField
            (field "Priority" "priority" draft.Priority "" (fun text -> set { draft with Priority = text }))
            priorities
        Forms.choiceField
            (field "Executor group" "group" draft.Group "" (fun text -> set { draft with Group = text }))
            (("", "As it is") :: [ for group in known.Groups -> group, group ])
      ]
    | Signal -> [
        Forms.textField
            (field "Signal" "signal" draft.Signal "Its name." (fun text -> set { draft with Signal = text }))
            []
        Forms.areaField
            (field "Payload" "payload" draft.Payload "Optional, JSON." (fun text -> set { draft with Payload = text }))
            3
      ]
    | ChangeState ->
        let states =
            known.Definitions
            |> List.collect _.States
            |> List.map _.Name
            |> List.distinct
            |> List.sort

        [
            Forms.choiceField
                (field "State" "state" draft.State "" (fun text -> set { draft with State = text }))
                (("", "Choose…") :: [ for state in states -> state, state ])
            check "Even if the current state does not declare it as a target" draft.Force (fun () ->
                set { draft with Force = not draft.Force })
        ]
    | Retry
    | Pause
    | Resume
    | RunAgain
    | Delete -> []

/// What happens to the jobs when the dialog is closed.
let private closing (bulk: Bulk) : string =
    if bulk.Stage = Starting then
        "Jobs continue to start after you close this, but refusals are shown only here."
    elif not bulk.Left.IsEmpty then
        "If you close this, the remaining jobs are not started."
    elif List.forall isOver bulk.Jobs then
        ""
    else
        "It continues after you close this."

let private asking (known: Suggestions.Known) (bulk: Bulk) (dispatch: Message -> unit) (close: unit -> unit) =
    let name, consequence = Describe.operation bulk.Kind
    let set draft = dispatch (Drafted draft)

    let total =
        match bulk.Forecast with
        | Counted forecast -> Some forecast.Total
        | _ -> None

    let missing =
        match operation bulk.Kind bulk.Draft with
        | Ok _ -> None
        | Result.Error text -> Some text

    let text =
        match total with
        | Some total when total > 0.0 -> Describe.deed bulk.Kind total
        | _ -> name

    Forms.form "dialog-form" (fun () -> dispatch Confirmed) [
        Forms.refusal (bulk.Refusal |> Option.map Problem.text)
        Html.p [ prop.className "consequence"; prop.text consequence ]
        forecast bulk
        yield! details known bulk.Draft bulk.Kind set
        Forms.textField
            (field
                "Reason"
                "reason"
                bulk.Draft.Reason
                "Optional. It is kept with the job and in the audit log."
                (fun text -> set { bulk.Draft with Reason = text }))
            []
        match missing with
        | Some text -> Html.p [ prop.className "faint"; prop.text text ]
        | None -> ()
        Html.div [
            prop.className "form-end"
            prop.children [
                if bulk.Stage = Starting then
                    Html.span [ prop.className "faint"; prop.text (closing bulk) ]
                Forms.cancel close
                Forms.submit
                    (if bulk.Stage = Starting then "Starting…" else text)
                    (bulk.Stage = Starting || missing.IsSome || total |> Option.forall ((=) 0.0))
            ]
        ]
    ]

let private sum (jobs: Job list) (of': Job -> float) = jobs |> List.sumBy of'

/// How many jobs have started so far, and why the rest have not.
let private beginning (bulk: Bulk) : ReactElement =
    if bulk.Left.IsEmpty then
        Html.none
    else
        Html.fragment [
            Forms.refusal (bulk.Refusal |> Option.map Problem.text)
            Html.p $"{bulk.Jobs.Length} of {bulk.Target.Filters.Length} jobs have started."
        ]

let private progress (bulk: Bulk) (dispatch: Message -> unit) (close: unit -> unit) : ReactElement =
    let jobs = bulk.Jobs
    let total = sum jobs (fun job -> defaultArg job.Total 0.0)
    let changed = sum jobs _.Done
    let failed = sum jobs _.Failed
    let skipped = sum jobs _.Skipped
    let isDone = bulk.Stage = Started && List.forall isOver jobs

    Html.div [
        prop.className "dialog-form"
        prop.children [
            beginning bulk
            Html.custom (
                "progress",
                [
                    prop.ariaLabel "Progress"
                    prop.custom ("max", max 1.0 total)
                    if isDone || total > 0.0 then
                        prop.custom ("value", (if isDone then max 1.0 total else changed + failed + skipped))
                ]
            )
            Html.p [
                prop.role "status"
                prop.text (
                    [
                        (if isDone then "Done" else "Running")
                        $"{Describe.count changed} of {Describe.count total} changed"
                        if failed > 0.0 then
                            $"{Describe.count failed} could not be changed"
                        if skipped > 0.0 then
                            $"{Describe.count skipped} no longer matched"
                    ]
                    |> String.concat " · "
                )
            ]
            for job in jobs do
                match job.Error with
                | Some error -> Forms.refusal (Some error)
                | None -> ()
            Html.p [
                prop.className "links"
                prop.children [ for job in jobs -> link (Router.Job job.Id) $"Job {job.Id}" ]
            ]
            Html.div [
                prop.className "form-end"
                prop.children [
                    Html.span [ prop.className "faint"; prop.text (closing bulk) ]
                    if bulk.Stage = Started && not bulk.Left.IsEmpty then
                        button Primary Icons.play "Start the rest" None (fun () -> dispatch Confirmed)
                    button Plain Icons.check "Close" None close
                ]
            ]
        ]
    ]

let dialog (known: Suggestions.Known) (bulk: Bulk) (dispatch: Message -> unit) (close: unit -> unit) : ReactElement =
    let body =
        if bulk.Jobs.IsEmpty then
            asking known bulk dispatch close
        else
            progress bulk dispatch close

    Modal.usual (fst (Describe.operation bulk.Kind)) close body
