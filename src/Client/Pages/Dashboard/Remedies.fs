/// The confirmation before many workflows are changed, and the jobs that were started here.
module GopherFlow.Client.Pages.Dashboard.Remedies

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Pages
open GopherFlow.Client.Pages.Dashboard.Model

let private body (question: Question) (dispatch: Message -> unit) : ReactElement =
    let isNothing =
        question.Forecast |> Option.exists (fun forecast -> forecast.Total = 0.0)

    Forms.form "dialog-form" (fun () -> dispatch Confirm) [
        Forms.refusal question.Fault
        Html.p [
            prop.className "consequence"
            prop.text (Describe.consequence question.Remedy)
        ]
        Html.p [
            prop.role "status"
            prop.className "forecast"
            prop.text (
                match question.Forecast, question.Fault with
                | Some forecast, _ -> Describe.forecast forecast
                | None, Some _ -> ""
                | None, None -> "Counting…"
            )
        ]
        Html.div [
            prop.className "form-end"
            prop.children [
                Forms.cancel (fun () -> dispatch Close)
                Forms.submit "Start the job" (question.IsBusy || question.Forecast.IsNone || isNothing)
            ]
        ]
    ]

let dialog (model: Model) (dispatch: Message -> unit) : ReactElement =
    match model.Question with
    | Some question -> Modal.usual (Describe.title question.Remedy) (fun () -> dispatch Close) (body question dispatch)
    | None -> Html.none

let private started =
    React.functionComponent (
        "StartedJob",
        fun (props: {| id: Id; key: string |}) ->
            let job = OverviewQueries.useJob props.id

            Html.li [
                prop.className "started-job"
                prop.children [
                    link (Router.Job props.id) $"Job {props.id}"
                    match job.Data with
                    | Some job ->
                        Html.span [ prop.className "cut"; prop.text (Jobs.Describe.title job) ]
                        Jobs.Describe.chip job
                        Jobs.Bar.view job
                        Html.span [ prop.className "faint"; prop.text (Jobs.Describe.outcome job) ]
                    | None -> ()
                ]
            ]
    )

let jobs (model: Model) : ReactElement =
    if model.Jobs.IsEmpty then
        Html.none
    else
        Html.ul [
            prop.className "started-jobs"
            prop.ariaLabel "Jobs started here"
            prop.children [ for id in model.Jobs -> started {| id = id; key = string id |} ]
        ]
