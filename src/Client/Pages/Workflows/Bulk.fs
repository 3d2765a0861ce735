/// The dialog about an operation on many workflows: what it asks, its forecast, and the progress of its jobs.
module GopherFlow.Client.Pages.Workflows.Bulk

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts.Elm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflows.Selection

type Kind =
    | Retry
    | Cancel
    | Pause
    | Resume
    | RunAgain
    | Place
    | Signal
    | ChangeState
    | Delete

type Draft = {
    Children: bool
    /// 1 to 9; empty for no other.
    Priority: string
    Group: string
    Signal: string
    Payload: string
    State: string
    Force: bool
    Reason: string
}

type Forecast =
    | Counting
    | Counted of JobForecast
    | NotCounted of Problem

type Stage =
    | Asking
    | Starting
    | Started of Job list

type Bulk = {
    Kind: Kind
    Target: Target
    Draft: Draft
    Forecast: Forecast
    Stage: Stage
    Refusal: Problem option
}

type Message =
    | Counts of JobForecast list
    | CountFailed of exn
    | Drafted of Draft
    | Confirmed
    | Began of Job list
    | Refused of exn
    | Read of Job list
    /// The progress could not be read this time.
    | Missed of exn

let private fresh = {
    Children = true
    Priority = ""
    Group = ""
    Signal = ""
    Payload = ""
    State = ""
    Force = false
    Reason = ""
}

/// What is sent, or what is missing.
let operation (kind: Kind) (draft: Draft) : Result<BulkCalls.Operation, string> =
    let given (text: string) =
        Some(text.Trim()) |> Option.filter ((<>) "")

    match kind with
    | Retry -> Ok BulkCalls.Retry
    | Cancel -> Ok(BulkCalls.Cancel draft.Children)
    | Pause -> Ok BulkCalls.Pause
    | Resume -> Ok BulkCalls.Resume
    | RunAgain -> Ok BulkCalls.RunAgain
    | Delete -> Ok BulkCalls.Delete
    | Place ->
        match given draft.Priority, given draft.Group with
        | None, None -> Error "Choose a priority or a group."
        | priority, group -> Ok(BulkCalls.Place(Option.map int priority, group))
    | Signal ->
        match given draft.Signal, given draft.Payload with
        | None, _ -> Error "Enter the name of the signal."
        | Some name, None -> Ok(BulkCalls.Signal(name, null))
        | Some name, Some payload ->
            match Json.tryParse payload with
            | Some payload -> Ok(BulkCalls.Signal(name, payload))
            | None -> Error "The payload is not JSON. Texts stand in double quotes."
    | ChangeState ->
        match given draft.State with
        | None -> Error "Choose the state to go to."
        | Some state -> Ok(BulkCalls.ChangeState(state, draft.Force))

/// For a forecast only the kind matters.
let private outline (kind: Kind) : BulkCalls.Operation =
    match operation kind fresh, kind with
    | Ok operation, _ -> operation
    | Error _, Place -> BulkCalls.Place(Some 5, None)
    | Error _, Signal -> BulkCalls.Signal("signal", null)
    | Error _, _ -> BulkCalls.ChangeState("state", false)

let private inTurn (work: 'a -> JS.Promise<'b>) (items: 'a list) : JS.Promise<'b list> =
    let rec go (done': 'b list) =
        function
        | [] -> resolved (List.rev done')
        | item :: rest -> work item |> bind (fun result -> go (result :: done') rest)

    go [] items

let private count (bulk: Bulk) : Effect<Message> =
    Effect.ofPromise
        (fun () -> bulk.Target.Filters |> inTurn (BulkCalls.forecast (outline bulk.Kind)))
        Counts
        CountFailed

let init (kind: Kind) (target: Target) : Bulk * Effect<Message> list =
    let bulk = {
        Kind = kind
        Target = target
        Draft = fresh
        Forecast = Counting
        Stage = Asking
        Refusal = None
    }

    bulk, [ count bulk ]

let private sum (forecasts: JobForecast list) : JobForecast = {
    Total = forecasts |> List.sumBy _.Total
    Counts =
        forecasts
        |> List.collect _.Counts
        |> List.groupBy (fun count -> count.WorkflowType, count.Status)
        |> List.map (fun ((name, status), counts) -> {
            WorkflowType = name
            Status = status
            Count = counts |> List.sumBy _.Count
        })
        |> List.sortByDescending _.Count
}

let isOver (job: Job) : bool =
    List.contains job.Status [ "DONE"; "CANCELLED"; "FAILED" ]

let private pace = 700

let private follow (jobs: Job list) : Effect<Message> list = [
    if not (List.forall isOver jobs) then
        fun dispatch ->
            let read () =
                Effect.ofPromise
                    (fun () ->
                        jobs
                        |> inTurn (fun job -> if isOver job then resolved job else BulkCalls.job job.Id))
                    Read
                    Missed
                    dispatch

            JS.setTimeout read pace |> ignore
]

let update (message: Message) (bulk: Bulk) : Bulk * Effect<Message> list =
    match message, bulk.Stage with
    | Counts forecasts, _ ->
        {
            bulk with
                Forecast = Counted(sum forecasts)
        },
        []
    | CountFailed failure, _ ->
        {
            bulk with
                Forecast = NotCounted(Problem.ofException failure)
        },
        []
    | Drafted draft, _ -> { bulk with Draft = draft }, []
    | Confirmed, Asking ->
        match operation bulk.Kind bulk.Draft with
        | Error _ -> bulk, []
        | Ok operation ->
            let start filter =
                BulkCalls.startJob operation filter (bulk.Draft.Reason.Trim())

            {
                bulk with
                    Stage = Starting
                    Refusal = None
            },
            [ Effect.ofPromise (fun () -> inTurn start bulk.Target.Filters) Began Refused ]
    | Confirmed, _ -> bulk, []
    | Refused failure, _ ->
        {
            bulk with
                Stage = Asking
                Refusal = Some(Problem.ofException failure)
        },
        []
    | Began jobs, _
    | Read jobs, _ -> { bulk with Stage = Started jobs }, follow jobs
    | Missed _, Started jobs -> bulk, follow jobs
    | Missed _, _ -> bulk, []
