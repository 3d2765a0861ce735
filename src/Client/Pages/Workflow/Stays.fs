/// Folds the history of a workflow into stays in states, which the timeline shows.
module GopherFlow.Client.Pages.Workflow.Stays

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

/// How a stay ended.
type Outcome =
    | Passed
    /// It succeeded after failed attempts.
    | Retried
    | ByHand
    /// Its deadline passed.
    | Late
    /// The workflow is still there, or ended there.
    | Stands of Status

type Stay = {
    State: string
    /// Oldest first, starting with the entry with which the stay began.
    Entries: HistoryEntry list
    Entered: Instant
    Left: Instant option
    RanSeconds: float
    Attempts: int
    Failures: int
    Outcome: Outcome
}

/// A piece of the timeline.
type Segment =
    | Shown of Stay
    /// Several stays that are not shown, and the first entry of the nearest one.
    | Folded of count: int * entry: Id

let private moving =
    set [
        "CREATED"
        "TRANSITION"
        "DEADLINE_PASSED"
        "STATE_CHANGED"
        "CONTINUED_ANEW"
        "RUN_AGAIN"
    ]

let private personal =
    set [ "STATE_CHANGED"; "RUN_AGAIN"; "VERSION_MOVED"; "CANCELLED" ]

let private failing = set [ "ATTEMPT_FAILED"; "REJECTED"; "GIVEN_UP" ]

let isFailure (entry: HistoryEntry) = failing.Contains entry.Kind

let private ran =
    set [ "TRANSITION"; "CONTINUED_ANEW"; "ATTEMPT_FAILED"; "REJECTED" ]

/// Whether an entry begins a stay. A transition from a state to itself begins another stay.
let begins (entry: HistoryEntry) : bool =
    moving.Contains entry.Kind || (entry.From.IsSome && entry.From <> Some entry.To)

/// The last failure in the current stay; failures of earlier stays do not count. Entries come newest first.
let lastFailure (newestFirst: HistoryEntry list) : HistoryEntry option =
    let stay =
        match newestFirst |> List.tryFindIndex begins with
        | Some index -> List.truncate (index + 1) newestFirst
        | None -> newestFirst

    stay |> List.tryFind isFailure

let private countIf (holds: bool) = if holds then 1 else 0

let private start (entry: HistoryEntry) : Stay = {
    State = entry.To
    Entries = [ entry ]
    Entered = entry.At
    Left = None
    RanSeconds = 0.0
    Attempts = 0
    Failures = 0
    Outcome = Stands(Status.ofWire entry.Status)
}

/// Adds the entry to the attempts, failures and run time of the stay.
let private counted (entry: HistoryEntry) (stay: Stay) : Stay = {
    stay with
        RanSeconds = stay.RanSeconds + Option.defaultValue 0.0 entry.DurationSeconds
        Attempts = stay.Attempts + countIf (ran.Contains entry.Kind)
        Failures = stay.Failures + countIf (isFailure entry)
}

let private leave (entry: HistoryEntry) (stay: Stay) : Stay =
    let left = counted entry stay

    {
        left with
            Left = Some entry.At
            Outcome =
                if personal.Contains entry.Kind then ByHand
                elif entry.Kind = "DEADLINE_PASSED" then Late
                elif left.Failures > 0 then Retried
                else Passed
    }

let private remain (entry: HistoryEntry) (stay: Stay) : Stay = {
    counted entry stay with
        // Newest first while the stay is being built.
        Entries = entry :: stay.Entries
        Outcome = Stands(Status.ofWire entry.Status)
}

let private finished (stay: Stay) : Stay = {
    stay with
        Entries = List.rev stay.Entries
}

/// The stays, oldest first, of entries that come newest first.
let ofHistory (newestFirst: HistoryEntry list) : Stay list =
    let add (entry: HistoryEntry) (closed: Stay list, current: Stay option) =
        match current with
        | None -> closed, Some(start entry)
        | Some stay when begins entry -> finished (leave entry stay) :: closed, Some(start entry)
        | Some stay -> closed, Some(remain entry stay)

    let closed, current = List.foldBack add newestFirst ([], None)
    List.rev ((current |> Option.map finished |> Option.toList) @ closed)

/// The length of the stay in seconds, until now if it has not ended.
let seconds (now: Instant) (stay: Stay) : float =
    let until = Option.defaultValue now stay.Left
    max 0.0 ((Instant.milliseconds until - Instant.milliseconds stay.Entered) / 1000.0)

/// The seconds in which the state's function did not run.
let idleSeconds (now: Instant) (stay: Stay) : float =
    max 0.0 (seconds now stay - stay.RanSeconds)

/// The weight on the timeline, 1 to 8. Run time counts by its order of magnitude, waiting time does not count.
let weight (stay: Stay) : int =
    let run = int (log10 (1.0 + stay.RanSeconds * 1000.0) / 1.3)
    min 8 (1 + run + min 3 (stay.Entries.Length / 2))

let holds (position: Id) (stay: Stay) : bool = stay.Entries.Head.Id <= position

/// At most `most` stays around a position; those before and after are folded.
let window (most: int) (position: Id option) (stays: Stay list) : Segment list =
    let count = stays.Length

    let here =
        match position with
        | Some at -> stays |> List.tryFindIndexBack (holds at) |> Option.defaultValue 0
        | None -> count - 1

    let first = max 0 (min (here - most / 2) (count - most))
    let before, rest = List.splitAt first stays
    let shown = List.truncate most rest
    let after = List.skip shown.Length rest

    [
        match List.tryLast before with
        | Some stay -> Folded(before.Length, stay.Entries.Head.Id)
        | None -> ()
        yield! List.map Shown shown
        match List.tryHead after with
        | Some stay -> Folded(after.Length, stay.Entries.Head.Id)
        | None -> ()
    ]

/// The index of the entry that is shown at a position. Entries come newest first.
let indexAt (entries: HistoryEntry[]) (position: Id option) : int =
    match position with
    | Some at ->
        entries
        |> Array.tryFindIndex (fun entry -> entry.Id <= at)
        |> Option.defaultValue (entries.Length - 1)
    | None -> 0

/// The position after a number of steps; None is now. Entries come newest first.
let step (entries: HistoryEntry[]) (position: Id option) (by: int) : Id option =
    let last = entries.Length - 1
    let target = min last (indexAt entries position - by)
    if target <= 0 then None else Some entries[target].Id

/// The start of the stay before or after.
let stepStay (stays: Stay list) (position: Id option) (by: int) : Id option =
    let last = stays.Length - 1

    let here =
        match position with
        | Some at -> stays |> List.tryFindIndexBack (holds at) |> Option.defaultValue 0
        | None -> last

    match here + by with
    | target when target > last || stays.IsEmpty -> None
    | target -> Some stays[max 0 target].Entries.Head.Id

/// The result of a navigation key.
type Going =
    | LeadsTo of Id option
    /// Older entries have to be loaded first.
    | NeedsOlder

/// Whether the position is at the oldest loaded entry.
let isOldest (entries: HistoryEntry[]) (position: Id option) : bool =
    indexAt entries position >= entries.Length - 1

/// The target of a key; None for keys that do nothing. `hasOlder`: there are entries before these.
let going
    (hasOlder: bool)
    (entries: HistoryEntry[])
    (stays: Stay list)
    (position: Id option)
    (key: string)
    : Going option =
    let back (target: Id option) : Going option =
        if hasOlder && isOldest entries position then
            Some NeedsOlder
        else
            Some(LeadsTo target)

    match key with
    | "ArrowLeft"
    | "ArrowDown" -> back (step entries position -1)
    | "PageUp" -> back (stepStay stays position -1)
    | "Home" -> back (entries |> Array.tryLast |> Option.map _.Id)
    | "ArrowRight"
    | "ArrowUp" -> Some(LeadsTo(step entries position 1))
    | "PageDown" -> Some(LeadsTo(stepStay stays position 1))
    | "End" -> Some(LeadsTo None)
    | _ -> None
