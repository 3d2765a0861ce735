/// The list of jobs, newest first; it is live while one of them runs.
module GopherFlow.Client.Pages.Jobs.View

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Jobs.Model

let private table: Table.Table<Job> = {
    Label = "Jobs"
    Key = fun job -> string job.Id
    Open = Some(fun job -> Router.Job job.Id)
    Columns = [
        Table.column "Job" (fun job -> [ link (Router.Job job.Id) $"{job.Id}" ])
        Table.column "What" (fun job -> [
            let words = Describe.filter job.Filter
            Html.div [ prop.className "job-what"; prop.text (Describe.operation job.Operation) ]
            Html.div [ prop.className "job-which"; prop.title words; prop.text words ]
        ])
        Table.column "Status" (fun job -> [ Describe.chip job ])
        Table.column "Progress" (fun job -> [ Bar.view job ])
        Table.text "Outcome" Describe.outcome
        Table.text "By" _.Actor
        Table.column "Created" (fun job -> [ Clock.time {| at = job.Created |} ])
    ]
}

let private list (model: Model) (dispatch: Message -> unit) (page: JobPage) : ReactElement =
    Html.fragment [
        if page.Jobs.IsEmpty && model.Cursors.IsEmpty then
            Basics.empty "No job has been started yet." [
                Html.p
                    "A job does one thing to many workflows. Start one from a filter on the workflows page, or retry all of a kind on the dashboard."
                link (Router.Workflows WorkflowFilter.empty) "Workflows"
            ]
        else
            Html.div [ prop.className "stacks"; prop.children [ Table.view table page.Jobs ] ]
            JobView.pager dispatch model page.Next "Newest first"
    ]

let view =
    React.functionComponent (
        "Jobs",
        fun (_: {| session: Session |}) ->
            let model, dispatch = Elm.useElm (fun () -> first, []) Update.update
            let page = OverviewQueries.useJobs (cursor model)

            Page.view
                {
                    Title = "Jobs"
                    Lead = "Operations on many workflows at once. An executor works on them one after the other."
                    Actions = []
                }
                [
                    Html.div [
                        prop.className (if page.Previous then "results stale" else "results")
                        prop.children [ shown "jobs" page (list model dispatch) ]
                    ]
                ]
    )
