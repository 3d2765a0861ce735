/// A job as text: its operation, its filter and its progress.
module GopherFlow.Client.Pages.Jobs.Describe

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private value (name: string) (source: obj) : obj option =
    let found: obj = source?(name)
    if isNullOrUndefined found then None else Some found

let private text (name: string) (source: obj) : string option = value name source |> Option.map string

let private texts (name: string) (source: obj) : string list =
    value name source
    |> Option.map (fun found -> unbox<string[]> found |> List.ofArray)
    |> Option.defaultValue []

let private isTrue (name: string) (source: obj) = value name source = Some(box true)

/// "A, B or C".
let private either (words: string list) =
    match List.rev words with
    | last :: (_ :: _ as before) -> $"""{before |> List.rev |> String.concat ", "} or {last}"""
    | _ -> String.concat "" words

let private keys (source: obj) (name: string) =
    value name source
    |> Option.map (Json.entriesOf >> List.map fst >> String.concat ", ")
    |> Option.defaultValue ""

let private place (operation: obj) =
    match text "priority" operation, text "executorGroup" operation with
    | Some priority, None -> $"Set priority to {priority}"
    | None, Some group -> $"Move to group {group}"
    | Some priority, Some group -> $"Set priority to {priority} and move to group {group}"
    | None, None -> "Place"

/// The operation on each workflow.
let operation (operation: obj) : string =
    let before words name =
        text name operation
        |> Option.map (fun found -> $" {words}{found}")
        |> Option.defaultValue ""

    match text "kind" operation |> Option.defaultValue "" with
    | "cancel" when isTrue "children" operation -> "Cancel with children"
    | "cancel" -> "Cancel"
    | "pause" -> "Pause"
    | "resume" -> "Resume"
    | "retry" -> "Retry"
    | "runAgain" -> "Run again" + before "from " "state"
    | "changeState" -> "Change state" + before "to " "state"
    | "changeVariables" -> $"""Change variables {keys operation "variables"}""".TrimEnd()
    | "moveVersion" -> "Move to version" + before "" "to"
    | "place" -> place operation
    | "delete" -> "Delete"
    | "signal" -> "Send signal" + before "" "name"
    | other -> other

let private statusWords (filter: obj) =
    texts "statuses" filter
    |> List.map (fun wire -> (Status.word (Status.ofWire wire)).ToLowerInvariant())
    |> either

let private waitWord (wire: string) =
    match WaitsFor.ofWire wire with
    | Activation -> "for their time"
    | Children -> "for their children"
    | Person -> "for a person"
    | Signal -> "for a signal"
    | WaitsFor.Retry -> "for another attempt"
    | Resume -> "to be resumed"
    | Executor -> "for an executor"
    | Definition -> "for their definition"
    | WaitsFor.Limit -> "for a limit"
    | WaitsFor.Other text -> text

let private day (iso: string) =
    Instant.tryParse iso |> Option.map Instant.exact |> Option.defaultValue iso

/// The conditions after status and type.
let private conditions (filter: obj) : string list =
    let listed name (words: string -> string) =
        match texts name filter with
        | [] -> None
        | found -> Some(words (either found))

    let given name (words: string -> string) = text name filter |> Option.map words

    [
        listed "states" (fun found -> $"in {found}")
        listed "versions" (fun found -> $"of version {found}")
        listed "executorGroups" (fun found -> $"in group {found}")
        given "businessKey" (fun key -> $"with business key {key}")
        given "businessKeyPrefix" (fun key -> $"with a business key that starts with {key}")
        given "parentWorkflowId" (fun id -> $"with parent {id}")
        (if isTrue "withoutParent" filter then
             Some "without a parent"
         else
             None)
        given "idFrom" (fun id -> $"from id {id}")
        given "idTo" (fun id -> $"up to id {id}")
        given "createdFrom" (fun at -> $"created since {day at}")
        given "createdBefore" (fun at -> $"created before {day at}")
        given "modifiedFrom" (fun at -> $"changed since {day at}")
        given "modifiedBefore" (fun at -> $"changed before {day at}")
        given "finishedFrom" (fun at -> $"ended since {day at}")
        given "finishedBefore" (fun at -> $"ended before {day at}")
        (match texts "waitsFor" filter with
         | [] -> None
         | found -> Some $"waiting {found |> List.map waitWord |> either}")
    ]
    |> List.choose id

/// The filter as text: "failed ShipOrder in Ship".
let filter (filter: obj) : string =
    let subject =
        match statusWords filter, either (texts "workflowTypes" filter) with
        | "", "" -> "workflows"
        | "", types -> types
        | statuses, "" -> $"{statuses} workflows"
        | statuses, types -> $"{statuses} {types}"

    match subject, conditions filter with
    | "workflows", [] -> "all workflows"
    | subject, conditions -> String.concat " " (subject :: conditions)

let title (job: Job) : string =
    $"{operation job.Operation}: {filter job.Filter}"

let isStopping (job: Job) =
    job.CancelRequested.IsSome && OverviewQueries.isUnderWay job

/// How many workflows the job has processed.
let looked (job: Job) : Count = job.Done + job.Failed + job.Skipped

let private status (job: Job) : string * string =
    match job.Status with
    | _ when isStopping job -> "PAUSED", "Stopping"
    | "QUEUED" -> "NEW", "Queued"
    | "RUNNING" -> "EXECUTING", "Running"
    | "DONE" -> "FINISHED", "Done"
    | "CANCELLED" -> "CANCELLED", "Cancelled"
    | "FAILED" -> "FAILED", "Failed"
    | other -> "NEW", other

/// The status of the job, in the colours of workflow statuses.
let chip (job: Job) : ReactElement =
    let colour, word = status job

    Html.span [ prop.className "chip"; prop.data ("status", colour); prop.text word ]

/// The progress as text.
let progress (job: Job) : string =
    match job.Total with
    | None when job.Status = "QUEUED" -> "waits for an executor"
    | None -> "counting"
    | Some total when total = 0.0 -> "none found"
    | Some total -> $"{Numbers.count (looked job)} of {Numbers.count total}"

/// The results so far.
let outcome (job: Job) : string =
    [ job.Done, "changed"; job.Failed, "failed"; job.Skipped, "skipped" ]
    |> List.filter (fun (count, word) -> count > 0.0 || word = "changed")
    |> List.map (fun (count, word) -> $"{Numbers.count count} {word}")
    |> String.concat ", "
