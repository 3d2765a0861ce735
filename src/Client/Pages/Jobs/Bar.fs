/// The progress bar of a job.
module GopherFlow.Client.Pages.Jobs.Bar

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Api

let view (job: Job) : ReactElement =
    let value =
        match job.Total with
        | Some _ -> Some(Describe.looked job)
        | None when OverviewQueries.isUnderWay job -> None
        | None -> Some 0.0

    Html.span [
        prop.className "job-progress"
        prop.data ("job", job.Status)
        prop.children [
            Progress.bar $"Progress of job {job.Id}" value (job.Total |> Option.defaultValue 1.0)
            Html.span (Describe.progress job)
        ]
    ]
