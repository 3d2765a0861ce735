/// The calls and queries about schedules.
module GopherFlow.Client.Api.ScheduleCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Http

/// When a schedule is due: by a cron expression or at an interval.
type Timing =
    | Cron of expression: string * timeZone: string
    | EverySeconds of float

/// The fields of a schedule to save.
type Draft = {
    WorkflowType: string
    Timing: Timing
    StateVars: obj
    BusinessKey: string
    ExecutorGroup: string
    Priority: int
    Overlap: string
    CatchUp: string
    CatchUpLimit: int
}

let pageSize = 50

let private position (cursor: string option) =
    cursor
    |> Option.map (fun cursor -> $"&cursor={JS.encodeURIComponent cursor}")
    |> Option.defaultValue ""

let private path (name: string) =
    $"/api/schedules/{JS.encodeURIComponent name}"

let private timing (timing: Timing) : (string * obj) list =
    match timing with
    | Cron(expression, timeZone) -> [ "cron", box expression; "timeZone", box timeZone ]
    | EverySeconds seconds -> [ "everySeconds", box seconds ]

let private fields (draft: Draft) : (string * obj) list = [
    "workflowType", box draft.WorkflowType
    yield! timing draft.Timing
    "stateVars", draft.StateVars
    "businessKey", box draft.BusinessKey
    "executorGroup", box draft.ExecutorGroup
    "priority", box draft.Priority
    "overlap", box draft.Overlap
    "catchUp", box draft.CatchUp
    "catchUpLimit", box draft.CatchUpLimit
]

let schedules (cursor: string option) : JS.Promise<SchedulePage> =
    get "schedules" Json.contract<SchedulePage> $"/api/schedules?limit={pageSize}{position cursor}"

let schedule (name: string) : JS.Promise<Schedule> =
    get "schedule" Json.contract<Schedule> (path name)

let runs (name: string) (cursor: string option) : JS.Promise<ScheduleRunPage> =
    get "runs" Json.contract<ScheduleRunPage> $"{path name}/runs?limit={pageSize}{position cursor}"

let preview (timing': Timing) : JS.Promise<SchedulePreview> =
    createObj (timing timing' @ [ "count", box 5 ])
    |> post "preview" Json.contract<SchedulePreview> "/api/schedules/preview"

let create (name: string) (draft: Draft) : JS.Promise<Schedule> =
    createObj (("name", box name) :: fields draft)
    |> post "schedule" Json.contract<Schedule> "/api/schedules"

let change (name: string) (draft: Draft) : JS.Promise<Schedule> =
    createObj (fields draft)
    |> putWithin 30 "schedule" Json.contract<Schedule> (path name)

let delete (name: string) : JS.Promise<unit> = Http.delete (path name)

let private operate (name: string) (operation: string) : JS.Promise<Schedule> =
    createObj []
    |> post "schedule" Json.contract<Schedule> $"{path name}/{operation}"

let pause (name: string) = operate name "pause"
let resume (name: string) = operate name "resume"

let trigger (name: string) : JS.Promise<TriggeredRun> =
    createObj [] |> post "run" Json.contract<TriggeredRun> $"{path name}/trigger"

/// The milliseconds between two fetches while the tab is visible: no events report changes of schedules.
let private pace = 3000

let useSchedules (cursor: string option) =
    Query.useQueryEvery (fun _ -> pace) [ "schedules"; defaultArg cursor "" ] (fun () -> schedules cursor)

let useSchedule (name: string) =
    Query.useQueryEvery (fun _ -> pace) [ "schedule"; name ] (fun () -> schedule name)

let useRuns (name: string) (cursor: string option) =
    Query.useQueryEvery (fun _ -> pace) [ "scheduleRuns"; name; defaultArg cursor "" ] (fun () -> runs name cursor)

/// Fetches everything again that shows schedules.
let refresh () : JS.Promise<unit> =
    Query.refetchWhere (fun key ->
        match key with
        | ("schedules" | "schedule" | "scheduleRuns") :: _ -> true
        | _ -> false)
