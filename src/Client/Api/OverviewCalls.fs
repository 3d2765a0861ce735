/// The calls of the dashboard: workflows that need a person, throughput, upcoming workflows, work of executors.
module GopherFlow.Client.Api.OverviewCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Attention
open GopherFlow.Client.Api.Http

let throughput () : JS.Promise<Throughput> =
    get "throughput" Json.contract<Throughput> "/api/throughput"

let upcoming () : JS.Promise<Workflow list> =
    get "upcoming" (Json.list Json.contract<Workflow>) "/api/upcoming?limit=20"

let executorWork (id: Id) : JS.Promise<ExecutorWork> =
    get "work" Json.contract<ExecutorWork> $"/api/executors/{id}/work"

let private most = 100

let private search (limit: int) (offset: int) (filter: (string * obj) list) : JS.Promise<WorkflowPage> =
    createObj [
        "filter", createObj filter
        "limit", box limit
        "offset", box offset
        "withVariables", box false
    ]
    |> Calls.search

let private look (look: Look) : JS.Promise<WorkflowPage> =
    search 1 look.Offset [
        "statuses", box [| Status.wire look.Of.Status |]
        "workflowTypes", box [| look.Of.Type |]
        "states", box [| look.Of.State |]
    ]

/// The newest workflows that need a person.
let attention () : JS.Promise<WorkflowPage> =
    search most 0 [ "statuses", box (statuses |> List.map Status.wire |> Array.ofList) ]

/// Searches for one or two workflows of each kind that those rows do not show completely. The number of searches is bounded.
let beyond (counts: WorkflowCount list) (newest: Workflow list) : JS.Promise<Workflow list> =
    looks counts newest
    |> List.map look
    |> Array.ofList
    |> all
    |> map (List.ofArray >> List.collect _.Workflows)

/// Overdue workflows, and steps that run far longer than usual.
let late () : JS.Promise<Late> =
    get "late" Json.contract<Late> "/api/late"
