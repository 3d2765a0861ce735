/// Operations on many workflows: what they send, their forecast and their jobs.
module GopherFlow.Client.Api.BulkCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

type Operation =
    | Retry
    | Cancel of children: bool
    | Pause
    | Resume
    | RunAgain
    | Place of priority: int option * group: string option
    | Signal of name: string * payload: obj
    | ChangeState of state: string * force: bool
    | Delete

let private members (operation: Operation) : (string * obj) list =
    match operation with
    | Retry -> [ "kind", box "retry" ]
    | Cancel children -> [ "kind", box "cancel"; "children", box children ]
    | Pause -> [ "kind", box "pause" ]
    | Resume -> [ "kind", box "resume" ]
    | RunAgain -> [ "kind", box "runAgain" ]
    | Place(priority, group) -> [
        "kind", box "place"
        match priority with
        | Some priority -> "priority", box priority
        | None -> ()
        match group with
        | Some group -> "executorGroup", box group
        | None -> ()
      ]
    | Signal(name, payload) -> [ "kind", box "signal"; "name", box name; "payload", payload ]
    | ChangeState(state, force) -> [ "kind", box "changeState"; "state", box state; "force", box force ]
    | Delete -> [ "kind", box "delete" ]

/// The request body for a job or its forecast.
let body (operation: Operation) (filter: (string * obj) list) (reason: string) : obj =
    createObj [
        "operation", createObj (members operation)
        "filter", createObj filter
        if reason <> "" then
            "reason", box reason
    ]

let forecast (operation: Operation) (filter: (string * obj) list) : JS.Promise<JobForecast> =
    body operation filter ""
    |> post "forecast" Json.contract<JobForecast> "/api/jobs/forecast"

let startJob (operation: Operation) (filter: (string * obj) list) (reason: string) : JS.Promise<Job> =
    body operation filter reason |> post "job" Json.contract<Job> "/api/jobs"

let job (id: Id) : JS.Promise<Job> =
    get "job" Json.contract<Job> $"/api/jobs/{id}"
