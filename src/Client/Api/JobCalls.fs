/// The calls about jobs. A job applies one operation to every workflow that matches a filter.
module GopherFlow.Client.Api.JobCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

/// The fields of an operation or a filter, as the API names them.
type Fields = (string * obj) list

let pageSize = 50

let private position (cursor: string option) =
    cursor
    |> Option.map (fun cursor -> $"&cursor={JS.encodeURIComponent cursor}")
    |> Option.defaultValue ""

let jobs (cursor: string option) : JS.Promise<JobPage> =
    get "jobs" Json.contract<JobPage> $"/api/jobs?limit={pageSize}{position cursor}"

let job (id: Id) : JS.Promise<Job> =
    get "job" Json.contract<Job> $"/api/jobs/{id}"

let failures (id: Id) (cursor: string option) : JS.Promise<JobFailurePage> =
    get "failures" Json.contract<JobFailurePage> $"/api/jobs/{id}/failures?limit={pageSize}{position cursor}"

let private body (operation: Fields) (filter: Fields) : obj =
    createObj [ "operation", createObj operation; "filter", createObj filter ]

/// How many workflows a job would change, by type and status.
let forecast (operation: Fields) (filter: Fields) : JS.Promise<JobForecast> =
    body operation filter
    |> post "forecast" Json.contract<JobForecast> "/api/jobs/forecast"

let start (operation: Fields) (filter: Fields) : JS.Promise<Job> =
    body operation filter |> post "job" Json.contract<Job> "/api/jobs"

let cancel (id: Id) : JS.Promise<Job> =
    createObj [] |> post "job" Json.contract<Job> $"/api/jobs/{id}/cancel"
