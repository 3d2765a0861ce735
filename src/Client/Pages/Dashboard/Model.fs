/// The model of the dashboard: the remedy to confirm, and the jobs that were started here.
module GopherFlow.Client.Pages.Dashboard.Model

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Attention
open GopherFlow.Client.Api.WorkflowFilter

/// An operation that fixes all workflows of a kind.
type Remedy =
    | RetryAll of Kind
    /// Moves workflows from a group that no executor serves to one that an executor serves.
    | RunIn of workflowType: string * from: string * target: string
    /// The same for workflows past their deadline, including those that wait for a person.
    | RunLateIn of workflowType: string * from: string * target: string
    /// Cancels the workflows whose step began no later than that of the newest one shown.
    | CancelSlow of workflowType: string * state: string * until: Instant
    | CancelOne of Workflow

type Question = {
    Remedy: Remedy
    /// None while the forecast is being computed.
    Forecast: JobForecast option
    Fault: string option
    IsBusy: bool
}

type Model = {
    Question: Question option
    /// Newest first.
    Jobs: Id list
    /// The workflows whose retry request is in flight.
    Retrying: Set<Id>
    /// Why the last retry of a single workflow failed.
    Fault: string option
}

type Message =
    | Ask of Remedy
    | Counted of Remedy * JobForecast
    | Confirm
    | Started of Job
    | Refused of string
    | Close
    | RetryOne of Id
    | Retried of Id
    | NotRetried of Id * reason: string
    | Dismiss

type Command =
    | Count of Remedy
    | Start of Remedy
    | Retry of Id

let first = {
    Question = None
    Jobs = []
    Retrying = Set.empty
    Fault = None
}

/// The operation of the job.
let operation (remedy: Remedy) : JobCalls.Fields =
    match remedy with
    | RetryAll _ -> [ "kind", "retry" ]
    | RunIn(_, _, target)
    | RunLateIn(_, _, target) -> [ "kind", "place"; "executorGroup", target ]
    | CancelSlow _
    | CancelOne _ -> [ "kind", "cancel" ]

/// The filter of the job.
let filter (remedy: Remedy) : JobCalls.Fields =
    match remedy with
    | RetryAll kind -> [
        "workflowTypes", box [| kind.Type |]
        "states", box [| kind.State |]
        "statuses", box [| Status.wire kind.Status |]
      ]
    | RunIn(workflowType, from, _) -> [
        "workflowTypes", box [| workflowType |]
        "executorGroups", box [| from |]
        "waitsFor", box [| "executor" |]
      ]
    | RunLateIn(workflowType, from, _) -> [
        "workflowTypes", box [| workflowType |]
        "executorGroups", box [| from |]
        "statuses", box [| Status.wire New; Status.wire InProgress; Status.wire Waiting |]
      ]
    | CancelSlow(workflowType, state, until) -> [
        "workflowTypes", box [| workflowType |]
        "states", box [| state |]
        "statuses", box [| Status.wire Executing |]
        // The filter is exclusive, so add a millisecond.
        "modifiedBefore", box (until |> Instant.add 1.0 |> Instant.iso)
      ]
    | CancelOne workflow -> [ "idFrom", box workflow.Id; "idTo", box workflow.Id ]

/// Whether workflows of a kind can be retried. With the status ERROR, only if the current version has the state with a function:
/// otherwise it may be a state of type Error, where nothing runs.
let mayRetry (definitions: Definition list) (kind: Kind) : bool =
    let runs () =
        definitions
        |> List.exists (fun definition ->
            definition.Name = kind.Type
            && definition.States
               |> List.exists (fun state -> state.Name = kind.State && State.runs state))

    kind.Status = Failed || (kind.Status = Errored && runs ())

/// If the list of executors is incomplete, an executor that is not listed may serve the group, so nothing is claimed about it.
let withoutGuess (executors: Executor list) (stuck: Stuck) : Stuck =
    match stuck.Want with
    | OfGroup group when not (ExecutorList.hasAllAlive executors) -> { stuck with Want = OfSlots group }
    | _ -> stuck

/// The filter for the list of the workflows of a kind.
let listOf (kind: Kind) : WorkflowFilter =
    WorkflowFilter.where [
        WorkflowFilter.Field.Type, kind.Type
        WorkflowFilter.Field.Status, Status.wire kind.Status
        WorkflowFilter.Field.State, kind.State
    ]

let listOfType (name: string) : WorkflowFilter =
    WorkflowFilter.where [ WorkflowFilter.Field.Type, name ]

let listOfStatus (name: string) (status: Status) : WorkflowFilter =
    WorkflowFilter.where [
        WorkflowFilter.Field.Type, name
        WorkflowFilter.Field.Status, Status.wire status
    ]

/// The numbers of workflows of one type by status.
type TypeCounts = {
    Type: string
    Running: Count
    /// Unfinished, but not running now.
    Open: Count
    Failed: Count
    Errored: Count
    Finished: Count
}

let ofTypes (counts: WorkflowCount list) : TypeCounts list =
    counts
    |> List.groupBy _.WorkflowType
    |> List.map (fun (name, counts) ->
        let sum chosen =
            counts
            |> List.filter (fun count -> chosen (Status.ofWire count.Status))
            |> List.sumBy _.Count

        {
            Type = name
            Running = sum ((=) Executing)
            Open = sum (fun status -> status <> Executing && not (Status.isOver status))
            Failed = sum ((=) Failed)
            Errored = sum ((=) Errored)
            Finished = sum ((=) Finished)
        })
    |> List.sortBy _.Type
