/// The history as text.
module GopherFlow.Client.Pages.Workflow.Describe

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api

/// Details that only some kinds of entries have.
type Details = {
    AwaitsChildren: bool option
    AwaitedSignals: string list option
    DeadlineState: string option
    Children: RawJson option
    IsNotRetryable: bool option
    IsForced: bool option
    FromVersion: string option
    ToVersion: string option
    Priority: int option
    ExecutorGroup: string option
}

/// The category of an entry, for its icon and colour.
type Mark =
    | Begun
    | Moved
    | Ended
    | Failed
    | Waited
    | ByPerson
    | Signal
    | Child
    | Changed
    | Repaired

/// A row of the history. Consecutive failed attempts of a state are one row.
type Row =
    | One of HistoryEntry
    /// Newest first. `succeeded`: the next attempt succeeded.
    | Attempts of state: string * failed: HistoryEntry list * succeeded: bool

let private noDetails: Details = {
    AwaitsChildren = None
    AwaitedSignals = None
    DeadlineState = None
    Children = None
    IsNotRetryable = None
    IsForced = None
    FromVersion = None
    ToVersion = None
    Priority = None
    ExecutorGroup = None
}

let private decoder: Json.Decoder<Details> = Json.contract<Details>

let details (entry: HistoryEntry) : Details =
    match entry.Details |> Option.map (Json.decode "details" decoder) with
    | Some(Ok details) -> details
    | _ -> noDetails

/// "workflow:5" as "workflow" and "5"; a name without a kind has none.
let private split (text: string) : string * string =
    match text.IndexOf ':' with
    | -1 -> "", text
    | at -> text.Substring(0, at), text.Substring(at + 1)

let private subject (entry: HistoryEntry) : string =
    entry.Cause |> Option.map (split >> snd) |> Option.defaultValue ""

/// Who caused the entry: "anna, by hand", "job 7", "parent 5"; None for the engine.
let actor (entry: HistoryEntry) : string option =
    entry.Actor
    |> Option.map (fun actor ->
        match split actor with
        | "workflow", id when entry.Kind = "CREATED" || entry.Kind = "CANCELLED" -> $"parent {id}"
        | "workflow", id -> $"workflow {id}"
        | "job", id -> $"job {id}"
        | "schedule", name -> $"schedule {name}"
        | "key", name -> $"API key {name}"
        | _ when entry.Kind = "CREATED" || entry.Kind = "SIGNALLED" -> $"by {actor}"
        | _ -> $"{actor}, by hand")

let private from (entry: HistoryEntry) =
    entry.From |> Option.defaultValue entry.To

let private place (details: Details) : string =
    match details.Priority, details.ExecutorGroup with
    | Some priority, Some group -> $"Priority {priority}, executor group {group}"
    | Some priority, None -> $"Priority {priority}"
    | None, Some group -> $"Executor group {group}"
    | None, None -> "Priority or executor group changed"

let private transition (entry: HistoryEntry) : string =
    if entry.From = Some entry.To then
        $"Repeated {entry.To}"
    else
        $"Went from {from entry} to {entry.To}"

let private versions (entry: HistoryEntry) (details: Details) : string =
    let version = Option.defaultValue "another one"

    let moved =
        $"Moved from version {version details.FromVersion} to {version details.ToVersion}"

    if from entry = entry.To then
        moved
    else
        $"{moved}, from {from entry} to {entry.To}"

/// The text for a kind that this console does not know.
let private plain (kind: string) : string =
    let words = kind.Replace('_', ' ').ToLowerInvariant()
    words.Substring(0, 1).ToUpperInvariant() + words.Substring 1

let sentence (entry: HistoryEntry) : string =
    let details = details entry
    let forced = if details.IsForced = Some true then ", forced" else ""

    match entry.Kind with
    | "CREATED" -> $"Created, begins in {entry.To}"
    | "TRANSITION" -> transition entry
    | "CONTINUED_ANEW" -> $"Continued anew in {entry.To}; the earlier history is closed"
    | "ATTEMPT_FAILED" when from entry <> entry.To -> $"{from entry} failed for good: went to {entry.To}"
    | "ATTEMPT_FAILED" -> $"{from entry} failed"
    | "REJECTED" -> $"{from entry} does not match its definition"
    | "GIVEN_UP" -> $"{from entry} was stopped because of an endless loop"
    | "DEFERRED" -> $"{from entry} cannot run yet"
    | "ARRIVED" -> $"Arrived in {entry.To}"
    | "DEADLINE_PASSED" -> $"Deadline passed: went from {from entry} to {entry.To}"
    | "TAKEN_OVER" -> $"Taken over from executor {subject entry}, which had died"
    | "CHILD_WOKE" -> $"Woken by child {subject entry}"
    | "SIGNALLED" -> $"Received signal {subject entry}"
    | "STATE_CHANGED" -> $"Moved from {from entry} to {entry.To}{forced}"
    | "VARIABLES_CHANGED" -> "Variables changed"
    | "PLACED" -> place details
    | "VERSION_MOVED" -> versions entry details
    | "CANCELLED" when entry.Status = "CANCELLED" -> "Cancelled"
    | "CANCELLED" -> $"Cancelled, cleans up in {entry.To}"
    | "PAUSED" when entry.Status <> "PAUSED" -> "Pauses when the running step has ended"
    | "PAUSED" -> "Paused"
    | "RESUMED" -> "Resumed"
    | "RETRIED" -> $"Retried {entry.To} at once"
    | "RUN_AGAIN" -> $"Runs again from {entry.To}"
    | other -> plain other

let mark (entry: HistoryEntry) : Mark =
    match entry.Kind with
    | "CREATED"
    | "CONTINUED_ANEW" -> Begun
    | "TRANSITION" when entry.Status = "FINISHED" -> Ended
    | "TRANSITION" when entry.Status = "ERROR" || entry.Status = "FAILED" -> Failed
    | "TRANSITION" -> Moved
    | "ATTEMPT_FAILED"
    | "REJECTED"
    | "GIVEN_UP" -> Failed
    | "DEFERRED"
    | "ARRIVED"
    | "DEADLINE_PASSED" -> Waited
    | "TAKEN_OVER" -> Repaired
    | "CHILD_WOKE" -> Child
    | "SIGNALLED" -> Signal
    | "VARIABLES_CHANGED" -> Changed
    | _ -> ByPerson

let private childrenOf (details: Details) : string list =
    details.Children
    |> Option.map Json.entriesOf
    |> Option.defaultValue []
    |> List.map (fun (name, count) ->
        match unbox<float> count with
        | 1.0 -> $"created a child of type {name}"
        | count -> $"created {count} children of type {name}")

/// What the workflow waits for after an entry, without the time.
let awaits (entry: HistoryEntry) : string option =
    let details = details entry

    match entry.Status, details.AwaitedSignals with
    | "WAITING", _ -> Some "waits for a person"
    | "IN_PROGRESS", Some signals -> Some $"""waits for {String.concat " or " signals}"""
    | "IN_PROGRESS", None when details.AwaitsChildren = Some true -> Some "waits for its children"
    | _ -> None

/// Further details of an entry, as short texts.
let notes (entry: HistoryEntry) : string list =
    let details = details entry

    [
        match entry.Cause |> Option.map split with
        | Some("signal", name) when entry.Kind <> "SIGNALLED" -> $"signal {name} taken"
        | _ -> ()
        match entry.DurationSeconds with
        | Some seconds when seconds >= 0.001 -> $"ran {Time.duration seconds}"
        | _ -> ()
        if Stays.isFailure entry && entry.Status = "FAILED" then
            if details.IsNotRetryable = Some true then
                "an error that is not retried"
            else
                "no attempts left"
        yield! childrenOf details
        match awaits entry with
        | Some text when Stays.begins entry || entry.Kind = "ARRIVED" -> text
        | _ -> ()
        if entry.Kind = "TRANSITION" && List.contains entry.Status [ "FINISHED"; "ERROR" ] then
            "ended"
    ]

/// What happens at the due time of an entry.
let dueWord (entry: HistoryEntry) : string =
    match (details entry).DeadlineState with
    | Some state -> $"goes to {state} if nothing arrives by"
    | None when Stays.isFailure entry || entry.Kind = "DEFERRED" -> "tries again"
    | None -> "continues"

let times (count: int) : string =
    match count with
    | 1 -> "once"
    | 2 -> "twice"
    | count -> $"{count} times"

/// Why a workflow failed or waits for another attempt. A workflow also ends with an error outside states of type Error: when a
/// step returns something that its definition does not allow.
let broken (workflow: Workflow) (isErrorState: bool) : string =
    match workflow.Status with
    | "FAILED" -> $"{workflow.State} failed and is not retried."
    | "ERROR" when isErrorState -> $"It ended in the error state {workflow.State}."
    | "ERROR" -> $"{workflow.State} ended with an error and is not retried."
    | _ -> $"{workflow.State} failed; {times workflow.RetryCount} so far."

/// "3 attempts, failed twice".
let attempts (failed: int) (succeeded: bool) : string =
    if succeeded then
        $"{failed + 1} attempts, failed {times failed}"
    else
        $"{failed} attempts, all failed"

/// The rows of the history. The entries come newest first.
let rows (newestFirst: HistoryEntry list) : Row list =
    let close (newer: HistoryEntry option) (failed: HistoryEntry list) : Row list =
        match List.rev failed with
        | [] -> []
        | [ single ] -> [ One single ]
        | first :: _ as failed ->
            let state = from first

            let succeeded =
                newer
                |> Option.exists (fun entry -> entry.Kind = "TRANSITION" && entry.From = Some state)

            [ Attempts(state, failed, succeeded) ]

    let rec collect newer (group: HistoryEntry list) (found: Row list) (rest: HistoryEntry list) : Row list =
        match rest, group with
        | entry :: rest, [] when entry.Kind = "ATTEMPT_FAILED" -> collect newer [ entry ] found rest
        | entry :: rest, known :: _ when entry.Kind = "ATTEMPT_FAILED" && from entry = from known ->
            collect newer (entry :: group) found rest
        | entry :: rest, group when entry.Kind = "ATTEMPT_FAILED" ->
            collect (Some entry) [ entry ] (List.rev (close newer group) @ found) rest
        | entry :: rest, group -> collect (Some entry) [] (One entry :: List.rev (close newer group) @ found) rest
        | [], group -> List.rev (List.rev (close newer group) @ found)

    collect None [] [] newestFirst

/// Whether an entry is about a state.
let concerns (state: string) (entry: HistoryEntry) : bool =
    entry.To = state || entry.From = Some state

/// The entries of a row, newest first.
let entriesOf (row: Row) : HistoryEntry list =
    match row with
    | One entry -> [ entry ]
    | Attempts(_, failed, _) -> failed
