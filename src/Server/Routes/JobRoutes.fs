namespace GopherFlow.Server

open GopherFlow.Contract

/// Operations on many workflows.
module internal JobRoutes =

    open Inputs
    open Route
    open RouteParts

    let private noJob = Problem.notFound "id" "7" "the id of a job"

    let private jobId = pathId "id" "a job"

    let private job =
        """{"operation":{"kind":"cancel","children":true},"filter":{"workflowTypes":["Order"],"createdBefore":"2026-11-01T00:00:00Z"},"reason":"the supplier is gone"}"""

    let all =
        [
            compute
                Operators
                "forecastJob"
                "/api/jobs/forecast"
                "Counts the workflows that a job would change. Nothing is stored."
                (body JobRequests.start)
                (sends<JobForecast> "The counts.")
                Jobs.forecast
            |> taking job
            change
                post
                Operators
                "job.start"
                "startJob"
                "/api/jobs"
                "Starts a job: an operation on every workflow that matches a filter now."
                (body JobRequests.start)
                (creates<Job> "The job was stored; an executor will work on it.")
                Jobs.start
            |> taking job
            get "listJobs" "/api/jobs" "Jobs, newest first." (page Page.Usual) (sends<JobPage> "A page.") Jobs.list
            get "getJob" "/api/jobs/{id}" "One job and its progress." jobId (sends<Job> "The job.") Jobs.get
            |> refusing [ noJob ]
            get
                "listJobFailures"
                "/api/jobs/{id}/failures"
                "The workflows that a job could not change, with the reasons, ordered by id."
                (input {
                    let! id = jobId
                    and! page = page Page.Usual
                    return id, page
                })
                (sends<JobFailurePage> "A page.")
                Jobs.failures
            |> refusing [ noJob ]
            change
                post
                Operators
                "job.cancel"
                "cancelJob"
                "/api/jobs/{id}/cancel"
                "Stops a job. The changes that it has made remain."
                (input {
                    let! id = jobId
                    and! request = body OperationRequests.nothing
                    return id, request
                })
                (sends<Job> "The job.")
                Jobs.cancel
            |> refusing [
                noJob
                Problem.conflict "id" (Some "job 7, which is DONE") "a job that has not ended"
            ]
        ]
        |> about "Jobs"
