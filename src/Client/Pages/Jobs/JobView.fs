/// The page of one job: its operation, its progress, and the workflows that it could not change.
module GopherFlow.Client.Pages.Jobs.JobView

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Jobs.Model

/// The buttons to the previous and the next page.
let pager (dispatch: Message -> unit) (model: Model) (next: string option) (note: string) : ReactElement =
    Pager.view {
        Note = note
        IsFirst = model.Cursors.IsEmpty
        Next = next
        Back = fun () -> dispatch Back
        Onward = Onward >> dispatch
    }

let private count (name: string) (meaning: string) (value: Count) : ReactElement =
    Html.div [
        prop.key name
        prop.className "figure"
        prop.title meaning
        prop.children [ Html.strong (Numbers.count value); Html.span name ]
    ]

let private figures (job: Job) : ReactElement =
    Html.div [
        prop.className "figures"
        prop.children [
            count "changed" "Workflows that were changed" job.Done
            count "failed" "Workflows that could not be changed" job.Failed
            count "skipped" "Workflows that no longer matched, or were gone" job.Skipped
            if job.Descendants > 0.0 then
                count "descendants" "Children, their children and so on that were cancelled with them" job.Descendants
        ]
    ]

let private facts (job: Job) : ReactElement =
    Html.dl [
        prop.className "facts"
        prop.children [
            textFact "Started by" job.Actor
            textFact "Reason" (job.Reason |> Option.defaultValue "")
            fact "Created" [ Clock.time {| at = job.Created |} ]
            fact "Begun" [ Clock.timeOr "not yet" job.Started ]
            fact "Ended" [ Clock.timeOr "not yet" job.Ended ]
            match job.ExecutorId with
            | Some id -> fact "Executor" [ link Router.Executors $"{id}" ]
            | None -> ()
        ]
    ]

let private failureTable: Table.Table<JobFailure> = {
    Label = "Workflows that could not be changed"
    Key = fun failure -> string failure.WorkflowId
    Open = Some(fun failure -> Router.Workflow failure.WorkflowId)
    Columns = [
        Table.column "Workflow" (fun failure -> [ workflowLink failure.WorkflowId ])
        Table.column "Why" (fun failure -> [ Html.span [ prop.className "failure-reason"; prop.text failure.Reason ] ])
    ]
}

let private failures =
    React.functionComponent (
        "JobFailures",
        fun
            (props:
                {|
                    job: Job
                    model: Model
                    dispatch: Message -> unit
                |}) ->
            let job = props.job
            let page = OverviewQueries.useFailures job.Id job.Failed (cursor props.model)

            Page.section $"Could not be changed: {Numbers.count job.Failed}" [] [
                shown "the failures" page (fun page ->
                    Html.fragment [
                        Table.view failureTable page.Failures
                        pager props.dispatch props.model page.Next "By id, smallest first"
                    ])
            ]
    )

let private question (job: Job) : Dialog.Question = {
    Title = $"Cancel job {job.Id}"
    Consequence = [
        "It stops at once. Changes already made stay; the current batch is rolled back."
    ]
    Action = "Cancel job"
    Act =
        fun () ->
            JobCalls.cancel job.Id
            |> Promise.map (fun job -> Query.put [ "job"; string job.Id ] job)
}

let private cancelButton (session: Session) (job: Job) (dispatch: Message -> unit) : ReactElement =
    let reason =
        if Describe.isStopping job then
            Some "It is already stopping."
        else
            None

    if Session.mayChange session && OverviewQueries.isUnderWay job then
        button Plain Icons.cross "Cancel job" reason (fun () -> dispatch AskToCancel)
    else
        Html.none

let private job (session: Session) (model: Model) (dispatch: Message -> unit) (job: Job) : ReactElement =
    Page.view
        {
            Title = $"Job {job.Id}"
            Lead = Describe.title job
            Actions = [ cancelButton session job dispatch ]
        }
        [
            Html.div [
                prop.className "card job"
                prop.children [
                    Html.div [
                        prop.className "job-standing"
                        prop.ariaLive "polite"
                        prop.children [ Describe.chip job; Bar.view job ]
                    ]
                    figures job
                    match job.Error with
                    | Some error -> Forms.refusal (Some error)
                    | None -> ()
                    facts job
                ]
            ]
            if job.Failed > 0.0 then
                failures {|
                    job = job
                    model = model
                    dispatch = dispatch
                |}
            if model.AsksToCancel then
                Dialog.ask (question job) (fun () -> dispatch CloseQuestion)
        ]

let view =
    React.functionComponent (
        "Job",
        fun
            (props:
                {|
                    id: Id
                    session: Session
                    key: string
                |}) ->
            let query = OverviewQueries.useJob props.id
            let model, dispatch = Elm.useElm (fun () -> first, []) Update.update
            shown "the job" query (job props.session model dispatch)
    )
