/// The queries of the dashboard and of the pages of jobs and executors, and how often they are fetched.
module GopherFlow.Client.Api.OverviewQueries

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.OverviewCalls

let private useLive key fetch =
    Query.useQuery key (Queries.whenLive fetch)

/// No events report changes of these, so they are fetched at intervals while the tab is visible.
let private useEvery (milliseconds: int) key fetch =
    Query.useQueryEvery (fun _ -> milliseconds) key (Queries.whenLive fetch)

let private slow = 10000
let private steady = 5000
let private fast = 1000

let useAttention () = useLive [ "attention" ] attention

/// Rows of the kinds that the first page does not show completely; fetches nothing while the page has all.
let useBeyond (counts: WorkflowCount list option) (newest: WorkflowPage option) =
    match counts, newest with
    | Some counts, Some page when page.Next.IsSome ->
        useEvery slow [ "attention"; "beyond" ] (fun () -> beyond counts page.Workflows)
    | _ -> useEvery 0 [ "attention"; "whole" ] (fun () -> resolved [])

let useLate () = useEvery slow [ "late" ] late

let useThroughput () =
    useEvery slow [ "throughput" ] throughput

let useUpcoming () = useEvery slow [ "upcoming" ] upcoming

let useExecutors () =
    useEvery steady [ "executors" ] Calls.executors

let useExecutorWork (id: Id) =
    useEvery steady [ "executorWork"; string id ] (fun () -> executorWork id)

/// Whether the job has not ended.
let isUnderWay (job: Job) =
    job.Status = "QUEUED" || job.Status = "RUNNING"

/// The milliseconds until a list of jobs is fetched again. Others may start jobs, so it is never 0.
let paceOfList (jobs: Job list) : int =
    if List.exists isUnderWay jobs then fast else slow

/// The milliseconds until a job is fetched again; 0 when it has ended or could not be read.
let paceOfJob (job: Job option) : int =
    if Option.exists isUnderWay job then fast else 0

let useJobs (cursor: string option) =
    let jobs (page: JobPage option) =
        page |> Option.map _.Jobs |> Option.defaultValue []

    Query.useQueryEvery (jobs >> paceOfList) [ "jobs"; defaultArg cursor "" ] (fun () -> JobCalls.jobs cursor)

let useJob (id: Id) =
    Query.useQueryEvery paceOfJob [ "job"; string id ] (fun () -> JobCalls.job id)

/// The number of failures is part of the key, so the list is fetched again when it grows.
let useFailures (id: Id) (failed: Count) (cursor: string option) =
    Query.useQueryKeeping true [ "jobFailures"; string id; string failed; defaultArg cursor "" ] (fun () ->
        JobCalls.failures id cursor)
