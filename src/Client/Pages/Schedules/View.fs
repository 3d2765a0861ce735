/// The list of schedules, by name.
module GopherFlow.Client.Pages.Schedules.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Schedules.Model

let private operations (model: Model) (dispatch: Msg -> unit) (schedule: Schedule) : ReactElement list = [
    Html.div [
        prop.className "row-tools"
        prop.children [
            iconButton Icons.play $"Start {schedule.Name} now" model.Busy (fun () ->
                dispatch (Operate(Trigger, schedule.Name)))
            if schedule.Paused then
                iconButton Icons.forward $"Resume {schedule.Name}" model.Busy (fun () ->
                    dispatch (Operate(Resume, schedule.Name)))
            else
                iconButton Icons.pause $"Pause {schedule.Name}" model.Busy (fun () ->
                    dispatch (Operate(Pause, schedule.Name)))
        ]
    ]
]

let private table (session: Session) (model: Model) (dispatch: Msg -> unit) : Table.Table<Schedule> = {
    Label = "Schedules"
    Key = fun (schedule: Schedule) -> schedule.Name
    Open = Some(fun (schedule: Schedule) -> Router.Schedule schedule.Name)
    Columns = [
        Table.column "Name" (fun (schedule: Schedule) -> [
            link (Router.Schedule schedule.Name) schedule.Name
            if schedule.Declared then
                Html.span [
                    prop.className "remark"
                    prop.title "It is declared in code and can only be changed there."
                    prop.text "in code"
                ]
        ])
        Table.column "Starts" (fun (schedule: Schedule) -> [
            link (Router.Definition schedule.WorkflowType) schedule.WorkflowType
        ])
        Table.column "Due" Parts.due
        Table.column "Next run" Parts.next
        Table.column "Last run" (fun (schedule: Schedule) ->
            match schedule.LastRun with
            | Some run -> Parts.run run
            | None -> [ Html.span [ prop.className "faint"; prop.text "none" ] ])
        Table.number "Started" (fun (schedule: Schedule) -> Numbers.count schedule.Started)
        Table.number "Skipped" (fun (schedule: Schedule) ->
            Numbers.count (schedule.SkippedByOverlap + schedule.SkippedByCatchUp))
        if Session.mayChange session then
            Table.column "" (operations model dispatch)
    ]
}

let private list (session: Session) (model: Model) (dispatch: Msg -> unit) (page: SchedulePage) : ReactElement =
    Html.fragment [
        if page.Schedules.IsEmpty && model.Cursors.IsEmpty then
            Basics.empty "There is no schedule yet." [
                Html.p
                    "A schedule starts a workflow by the clock: every night, every quarter of an hour, on the first of the month."
            ]
        else
            Table.stacking (table session model dispatch) page.Schedules
            Parts.pager dispatch model page.Next "By name"
    ]

let view =
    React.functionComponent (
        "Schedules",
        fun (props: {| session: Session; key: string |}) ->
            let model, dispatch = Run.useSchedulePages ()
            let page = ScheduleCalls.useSchedules (cursor model)
            let definitions = Queries.useDefinitions ()

            Html.fragment [
                Page.view
                    {
                        Title = "Schedules"
                        Lead = "Schedules start workflows at given times."
                        Actions = [
                            if Session.mayChange props.session then
                                button Primary Icons.plus "Add schedule" None (fun () -> dispatch New)
                        ]
                    }
                    [
                        FormView.note model
                        Html.div [
                            prop.className (if page.Previous then "results stale" else "results")
                            prop.children [ shown "the schedules" page (list props.session model dispatch) ]
                        ]
                    ]
                FormView.view (definitions.Data |> Option.defaultValue []) model dispatch
            ]
    )
