/// The dialog for an operation on many workflows: its fields, its forecast, and the progress of its jobs.
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
    /// 1 to 9; empty to keep it.
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
    /// At least one job has started, and no other is being started.
    | Started

type Bulk = {
    Kind: Kind
    Target: Target
    Draft: Draft
    Forecast: Forecast
    Stage: Stage
    /// The jobs that have started, as last read.
    Jobs: Job list
    /// The filters whose jobs have not started.
    Left: (string * obj) list list
    /// Whether the next read of the progress is scheduled.
    IsFollowed: bool
    Refusal: Problem option
}

type Message =
    | Counts of JobForecast list
    | CountFailed of exn
    | Drafted of Draft
    /// Starts the jobs that have not started yet.
    | Confirmed
    | Began of Job
    | Refused of exn
    | Read of Job list
    /// The progress could not be read this time.
    | Missed of exn

type Command =
    /// Requests a forecast for each of the filters.
    | Count of BulkCalls.Operation * filters: (string * obj) list list
    /// Starts a job for each of the filters, until one is refused.
    | Start of BulkCalls.Operation * filters: (string * obj) list list * reason: string
    /// Reads these jobs after a short pause.
    | Follow of Job list
    /// Fetches again what shows the deleted workflows.
    | ReadWithoutDeleted

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

/// The operation to send, or a text about what is missing.
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
            | None -> Error "The payload is not JSON. Strings need double quotes."
    | ChangeState ->
        match given draft.State with
        | None -> Error "Choose the state to go to."
        | Some state -> Ok(BulkCalls.ChangeState(state, draft.Force))

/// An operation of this kind for the forecast, in which the details do not matter.
let private outline (kind: Kind) : BulkCalls.Operation =
    match operation kind fresh, kind with
    | Ok operation, _ -> operation
    | Error _, Place -> BulkCalls.Place(Some 5, None)
    | Error _, Signal -> BulkCalls.Signal("signal", null)
    | Error _, _ -> BulkCalls.ChangeState("state", false)

let init (kind: Kind) (target: Target) : Bulk * Command list =
    {
        Kind = kind
        Target = target
        Draft = fresh
        Forecast = Counting
        Stage = Asking
        Jobs = []
        Left = target.Filters
        IsFollowed = false
        Refusal = None
    },
    [ Count(outline kind, target.Filters) ]

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

let private startLeft (bulk: Bulk) : Bulk * Command list =
    match operation bulk.Kind bulk.Draft with
    | Ok operation ->
        {
            bulk with
                Stage = Starting
                Refusal = None
        },
        [ Start(operation, bulk.Left, bulk.Draft.Reason.Trim()) ]
    | Error _ -> bulk, []

/// Whether some of the workflows may have been deleted.
let hasDeleted (bulk: Bulk) : bool =
    bulk.Kind = Delete && (bulk.Stage = Starting || not bulk.Jobs.IsEmpty)

/// Schedules the next read of all jobs that have started, unless one is scheduled.
let private followed (bulk: Bulk, commands: Command list) : Bulk * Command list =
    if bulk.IsFollowed then
        bulk, commands
    elif List.forall isOver bulk.Jobs then
        bulk,
        (if hasDeleted bulk then
             commands @ [ ReadWithoutDeleted ]
         else
             commands)
    else
        { bulk with IsFollowed = true }, commands @ [ Follow bulk.Jobs ]

/// Jobs that have started since the read began stay as they are.
let private withRead (read: Job list) (bulk: Bulk) : Bulk =
    let latest (job: Job) =
        read |> List.tryFind (fun other -> other.Id = job.Id) |> Option.defaultValue job

    {
        bulk with
            Jobs = List.map latest bulk.Jobs
            IsFollowed = false
    }

let update (message: Message) (bulk: Bulk) : Bulk * Command list =
    match message with
    | Counts forecasts ->
        {
            bulk with
                Forecast = Counted(sum forecasts)
        },
        []
    | CountFailed failure ->
        {
            bulk with
                Forecast = NotCounted(Problem.ofException failure)
        },
        []
    | Drafted draft when bulk.Stage = Asking -> { bulk with Draft = draft }, []
    // The fields cannot be changed any more: all jobs do the same.
    | Drafted _ -> bulk, []
    | Confirmed when bulk.Stage = Starting || bulk.Left.IsEmpty -> bulk, []
    | Confirmed -> startLeft bulk
    | Began job ->
        let left = List.tail bulk.Left

        followed (
            {
                bulk with
                    Jobs = bulk.Jobs @ [ job ]
                    Left = left
                    Stage = if left.IsEmpty then Started else Starting
            },
            []
        )
    | Refused failure ->
        {
            bulk with
                Stage = if bulk.Jobs.IsEmpty then Asking else Started
                Refusal = Some(Problem.ofException failure)
        },
        []
    | Read jobs -> followed (withRead jobs bulk, [])
    | Missed _ -> followed ({ bulk with IsFollowed = false }, [])

let private inTurn (work: 'a -> JS.Promise<'b>) (items: 'a list) : JS.Promise<'b list> =
    let rec go (done': 'b list) =
        function
        | [] -> resolved (List.rev done')
        | item :: rest -> work item |> bind (fun result -> go (result :: done') rest)

    go [] items

let private pace = 700

let private readAgain (job: Job) : JS.Promise<Job> =
    if isOver job then resolved job else BulkCalls.job job.Id

let private follow (jobs: Job list) : Effect<Message> =
    fun dispatch ->
        let read () =
            Effect.ofPromise (fun () -> inTurn readAgain jobs) Read Missed dispatch

        JS.setTimeout read pace |> ignore

/// The milliseconds between two reads of jobs while their end is awaited.
let private slow = 2000

let rec private awaitEnd (read: Job -> JS.Promise<Job>) (jobs: Job list) : JS.Promise<unit> =
    if List.forall isOver jobs then
        Deletions.refetch ()
    else
        create (fun resolve -> JS.setTimeout resolve slow |> ignore)
        |> bind (fun () -> inTurn read jobs)
        |> bind (awaitEnd read)

/// Starts jobs one after the other until one is refused, and returns those that have started. It continues when the dialog is
/// closed or the page is left.
let startEach
    (begin': (string * obj) list -> JS.Promise<Job>)
    (dispatch: Message -> unit)
    (filters: (string * obj) list list)
    : JS.Promise<Job list> =
    let rec go (started: Job list) (left: (string * obj) list list) : JS.Promise<Job list> =
        match left with
        | [] -> resolved (List.rev started)
        | filter :: rest ->
            begin' filter
            |> map Ok
            |> catch (Error >> resolved)
            |> bind (function
                | Ok job ->
                    dispatch (Began job)
                    go (job :: started) rest
                | Error failure ->
                    dispatch (Refused failure)
                    resolved (List.rev started))

    go [] filters

/// Starts the jobs. If they delete, waits until those that have started have ended, and reads again what showed the deleted
/// workflows: also when the dialog is closed by then. Stops waiting when a job cannot be read, because everything is read again
/// when the connection is back.
let startAll
    (begin': (string * obj) list -> JS.Promise<Job>)
    (read: Job -> JS.Promise<Job>)
    (operation: BulkCalls.Operation)
    (dispatch: Message -> unit)
    (filters: (string * obj) list list)
    : JS.Promise<unit> =
    startEach begin' dispatch filters
    |> bind (fun jobs ->
        match operation, jobs with
        | BulkCalls.Delete, _ :: _ -> awaitEnd read jobs |> catch (fun _ -> resolved ())
        | _ -> resolved ())

let perform (command: Command) : Effect<Message> =
    match command with
    | Count(operation, filters) ->
        Effect.ofPromise (fun () -> filters |> inTurn (BulkCalls.forecast operation)) Counts CountFailed
    | Start(operation, filters, reason) ->
        fun dispatch ->
            let begin' filter =
                BulkCalls.startJob operation filter reason

            startAll begin' readAgain operation dispatch filters |> start
    | Follow jobs -> follow jobs
    | ReadWithoutDeleted -> Effect.ofAction (Deletions.refetch >> start)
