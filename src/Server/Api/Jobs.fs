namespace GopherFlow.Server

open GopherFlow.Contract
open GopherFlow.Operations.Jobs
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Operations on many workflows: `forecast`, `start`, `list`, `get`, `failures`, `cancel`.
module internal Jobs =

    let private request (caller: Caller) (request: StartJobRequest) =
        JobRequest(
            Operation = request.Operation,
            Filter = request.Filter,
            Actor = caller.Username,
            Reason = Option.toObj request.Reason
        )

    let private unknown (id: int64) =
        Problem.notFound "id" (string id) "the id of a job"

    /// POST /api/jobs/forecast.
    let forecast (services: Services) (caller: Caller) (job: StartJobRequest) : Handler =
        fun http ->
            task {
                let! forecast = services.Jobs.DryRunAsync(request caller job, http.RequestAborted)
                return Content(JobResponses.forecast forecast)
            }

    /// A job that has just been stored. If it cannot be read because the database is not responding, the result is built from the request,
    /// because after an error the caller would start the job again.
    let private started (services: Services) (http: HttpContext) (id: int64) (request: JobRequest) =
        task {
            try
                let! stored = services.Jobs.FindAsync(id, http.RequestAborted)
                return Option.ofObj stored
            with trouble when services.Store.IsTransient trouble ->
                services.Logger.LogWarning(trouble, "Job {JobId} was started but could not be read", id)

                return
                    Some(
                        GopherFlow.Operations.Jobs.Job(
                            id,
                            request.Operation,
                            request.Filter,
                            request.Actor,
                            request.Reason,
                            GopherFlow.Storage.JobStatus.Queued,
                            services.Clock.GetUtcNow()
                        )
                    )
        }

    /// POST /api/jobs.
    let start (services: Services) (caller: Caller) (job: StartJobRequest) : Handler =
        fun http ->
            task {
                let request = request caller job
                let! id = services.Jobs.StartAsync(request, http.RequestAborted)

                Audit.note http {
                    Audit.nothing with
                        Target = Some { Kind = "job"; Id = string id }
                }

                match! started services http id request with
                | None -> return Refusal(unknown id)
                | Some job -> return Created($"/api/jobs/{id}", JobResponses.job job)
            }

    /// GET /api/jobs.
    let list (services: Services) (page: Page) : Handler =
        fun http ->
            task {
                let! found =
                    services.Jobs.ListAsync(page.Limit, Option.toNullable page.After, http.RequestAborted)

                let jobs = found |> Seq.map JobResponses.listed |> List.ofSeq

                let answer: JobPage = {
                    Jobs = jobs
                    Next = Page.next page.Limit jobs _.Id
                }

                return Content answer
            }

    /// GET /api/jobs/{id}.
    let get (services: Services) (id: int64) : Handler =
        fun http ->
            task {
                match! services.Jobs.FindAsync(id, http.RequestAborted) with
                | null -> return Refusal(unknown id)
                | job -> return Content(JobResponses.job job)
            }

    /// GET /api/jobs/{id}/failures.
    let failures (services: Services) (id: int64, page: Page) : Handler =
        fun http ->
            task {
                match! services.Jobs.FindAsync(id, http.RequestAborted) with
                | null -> return Refusal(unknown id)
                | _ ->
                    let! found =
                        services.Jobs.FailuresAsync(id, page.Limit, defaultArg page.After 0L, http.RequestAborted)

                    let failures = found |> Seq.map JobResponses.failure |> List.ofSeq

                    let answer: JobFailurePage = {
                        Failures = failures
                        Next = Page.next page.Limit failures _.WorkflowId
                    }

                    return Content answer
            }

    /// POST /api/jobs/{id}/cancel.
    let cancel (services: Services) (_: Caller) (id: int64, ()) : Handler =
        fun http ->
            task {
                let! isCancelled = services.Jobs.CancelAsync(id, http.RequestAborted)

                if isCancelled then
                    Audit.note http Audit.nothing

                match! services.Jobs.FindAsync(id, http.RequestAborted) with
                | null -> return Refusal(unknown id)
                | job when isCancelled -> return Content(JobResponses.job job)
                | job ->
                    let status = (JobResponses.job job).Status

                    return
                        Refusal(Problem.conflict "id" (Some $"job {id}, which is {status}") "a job that has not ended")
            }
