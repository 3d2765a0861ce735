/// The page of one schedule: when it is due, its last runs and its policies.
module GopherFlow.Client.Pages.Schedules.ScheduleView

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Schedules.Model

let private actions (session: Session) (model: Model) (dispatch: Msg -> unit) (schedule: Schedule) : ReactElement list =
    let busy =
        if model.Busy then
            Some "The last change is being saved."
        else
            None

    let kept =
        if schedule.Declared then
            Some "It is declared in code and can only be changed there."
        else
            busy

    if Session.mayChange session then
        [
            button Primary Icons.play "Start now" busy (fun () -> dispatch (Operate(Trigger, schedule.Name)))
            if schedule.Paused then
                button Plain Icons.forward "Resume" busy (fun () -> dispatch (Operate(Resume, schedule.Name)))
            else
                button Plain Icons.pause "Pause" busy (fun () -> dispatch (Operate(Pause, schedule.Name)))
            button Plain Icons.pencil "Change" kept (fun () -> dispatch (Change schedule))
            button Plain Icons.bin "Delete" kept (fun () -> dispatch (AskToDelete schedule.Name))
        ]
    else
        []

let private nextRuns (schedule: Schedule) : ReactElement =
    Html.div [
        prop.className "schedule-preview"
        prop.children [
            Html.span [ prop.className "faint"; prop.text "Next runs, in local time" ]
            match schedule.NextDue with
            | _ when schedule.Paused -> Html.p "It is paused: nothing is due until it is resumed."
            | [] -> Html.p "No further runs."
            | due ->
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

let private facts (schedule: Schedule) : ReactElement =
    Html.dl [
        prop.className "facts"
        prop.children [
            fact "Starts" [ link (Router.Definition schedule.WorkflowType) schedule.WorkflowType ]
            fact "Due" (Parts.due schedule)
            fact "Last due" [ Clock.timeOr "not yet" schedule.LastDue ]
            fact "Last run" [
                match schedule.LastRun with
                | Some run -> yield! Parts.run run
                | None -> Html.span [ prop.className "faint"; prop.text "none" ]
            ]
            textFact "Runs started" (Numbers.count schedule.Started)
            textFact "Queued" (string schedule.Queued)
            textFact "Skipped" (Describe.skipped schedule)
            match schedule.LastSkipped with
            | Some skipped ->
                fact "Last skipped" [
                    Clock.time {| at = skipped.Due |}
                    Html.text $", {Describe.reason skipped.Reason}"
                ]
            | None -> ()
            textFact "When another run has not ended" (Describe.choice Describe.overlaps schedule.Overlap)
            textFact "After an outage" (Describe.choice Describe.catchUps schedule.CatchUp)
            textFact "Business key" schedule.BusinessKey
            textFact "Executor group" schedule.ExecutorGroup
            textFact "Priority" (string schedule.Priority)
            fact "Created" [
                Clock.time {| at = schedule.Created |}
                Html.text $" by {schedule.CreatedBy}"
            ]
            fact "Changed" [
                Clock.time {| at = schedule.Changed |}
                Html.text $" by {schedule.ChangedBy}"
            ]
        ]
    ]

let private runTable: Table.Table<ScheduleRun> = {
    Label = "Runs"
    Key = fun run -> string run.WorkflowId
    Open = Some(fun run -> Router.Workflow run.WorkflowId)
    Columns = [
        Table.column "Workflow" (fun run -> [
            workflowLink run.WorkflowId
            if Describe.isManual run then
                Html.span [ prop.className "remark"; prop.text "by hand" ]
        ])
        Table.column "Status" (fun run -> [ statusChip run.Status ])
        Table.text "State" _.State
        Table.column "Started" (fun run -> [ Clock.time {| at = run.Created |} ])
        Table.column "Ended" (fun run -> [ Clock.timeOr "not yet" run.Finished ])
        Table.cut "External ID" _.ExternalId
    ]
}

let private runs =
    React.functionComponent (
        "ScheduleRuns",
        fun
            (props:
                {|
                    name: string
                    model: Model
                    dispatch: Msg -> unit
                |}) ->
            let page = ScheduleCalls.useRuns props.name (cursor props.model)

            Page.section "Runs" [] [
                shown "the runs" page (fun page ->
                    if page.Runs.IsEmpty && props.model.Cursors.IsEmpty then
                        Basics.empty "It has started nothing yet, or its runs are deleted." []
                    else
                        Html.fragment [
                            Table.stacking runTable page.Runs
                            Parts.pager props.dispatch props.model page.Next "Due last first"
                        ])
            ]
    )

let private content (session: Session) (model: Model) (dispatch: Msg -> unit) (schedule: Schedule) : ReactElement =
    Page.view
        {
            Title = schedule.Name
            Lead =
                if schedule.Declared then
                    "Declared in code: you can pause and start it here, but change it only there."
                else
                    ""
            Actions = actions session model dispatch schedule
        }
        [
            FormView.note model
            Html.div [
                prop.className "card schedule"
                prop.children [ nextRuns schedule; facts schedule ]
            ]
            if Json.write schedule.StateVars <> "{}" then
                Page.section "Variables of each run" [] [
                    Html.pre [
                        prop.className "example"
                        prop.tabIndex 0
                        prop.ariaLabel "Variables"
                        prop.text (Json.writeIndented schedule.StateVars)
                    ]
                ]
            runs {|
                name = schedule.Name
                model = model
                dispatch = dispatch
            |}
        ]

/// Shows a notice if the schedule was deleted before the page was opened or while it is shown.
let private ifThere (name: string) (schedule: Query.Query<Schedule>) (view: Schedule -> ReactElement) : ReactElement =
    match schedule.Failure with
    | Some(ApiException { Status = 404 }) ->
        Page.view
            {
                Title = name
                Lead = ""
                Actions = []
            }
            [
                Basics.empty $"There is no schedule {name}." [
                    Html.p "It may have been deleted, or the name is mistyped."
                    link Router.Schedules "All schedules"
                ]
            ]
    | _ -> shown "the schedule" schedule view

let view =
    React.functionComponent (
        "Schedule",
        fun
            (props:
                {|
                    name: string
                    session: Session
                    key: string
                |}) ->
            let query = ScheduleCalls.useSchedule props.name
            let definitions = Queries.useDefinitions ()
            let model, dispatch = Run.useSchedulePages ()

            Html.fragment [
                ifThere props.name query (content props.session model dispatch)
                FormView.view (definitions.Data |> Option.defaultValue []) model dispatch
            ]
    )
