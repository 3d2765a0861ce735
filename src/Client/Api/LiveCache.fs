/// Applies live events to the cache: rows are updated at once, everything else is fetched again, at most every 450 ms.
module GopherFlow.Client.Api.LiveCache

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter
open GopherFlow.Client.Api.Invalidation

let listKey (filter: WorkflowFilter) : string list =
    "workflows"
    :: (toQuery filter |> List.map (fun (name, value) -> $"{name}={value}"))

let private filterOf (address: string list) : WorkflowFilter =
    address
    |> List.map (fun part ->
        let at = part.IndexOf '='
        part.Substring(0, at), part.Substring(at + 1))
    |> ofQuery

/// Changes in order, and the last change of each workflow.
type Burst = {
    All: WorkflowEvent list
    Last: Map<Id, WorkflowEvent>
}

let burstOf (changes: WorkflowEvent list) : Burst = {
    All = changes
    Last =
        changes
        |> List.fold (fun last change -> Map.add change.Id change last) Map.empty
}

/// Applies the changes in order; None when none of them has an effect.
let private afterEach (step: WorkflowEvent -> 't -> 't option) (changes: WorkflowEvent seq) (held: 't) : obj option =
    changes
    |> Seq.fold
        (fun next change ->
            match step change (defaultArg next held) with
            | Some changed -> Some changed
            | None -> next)
        None
    |> Option.map box

/// The cached value of a key after changes; None when it does not change.
let revised (burst: Burst) (key: string list) (held: obj) : obj option =
    let ofRows (rows: Workflow list) =
        rows |> List.choose (fun row -> burst.Last.TryFind row.Id)

    match key with
    | [ "workflow"; _ ] ->
        let row: Workflow = unbox held

        burst.Last.TryFind row.Id
        |> Option.map (fun change -> box (Patch.row change row))
    | [ "children"; _ ] ->
        let rows: Workflow list = unbox held
        afterEach (fun change rows -> Some(Patch.rows change rows)) (ofRows rows) rows
    | "workflows" :: address ->
        afterEach (Listing.heard (filterOf address)) (Map.values burst.Last) (unbox<Listing.Listing> held)
    | [ "traffic"; name; version ] ->
        let ofVersion =
            burst.All
            |> List.filter (fun change -> change.WorkflowType = name && change.Version = version)

        afterEach Patch.traffic ofVersion (unbox<Patch.Traffic> held)
    | [ "upcoming" ] ->
        let next: Workflow list = unbox held
        afterEach (fun change next -> Some(Patch.upcoming change next)) (ofRows next) next
    | _ -> None

/// The cached value of a key when changes may have been missed; None when it does not change.
let doubted (key: string list) (held: obj) : obj option =
    match key with
    | "workflows" :: _ -> Some(box (Listing.doubt (unbox held)))
    | _ -> None

/// The milliseconds between two fetches while events arrive.
let private pace = 450.0

/// The milliseconds from the first event to the first fetch: events seldom arrive alone.
let private first = 25

/// Collects changes and passes them to `readAgain`: soon after the first one, about twice a second while more come, and after
/// the last one.
let gather (readAgain: Changes -> JS.Promise<unit>) : (Changes -> Changes) -> unit =
    let gathered = ref nothing
    let busy = ref false
    let now () = Instant.milliseconds (Instant.now ())

    let rec flush () : JS.Promise<unit> =
        promise {
            let changes = gathered.Value
            gathered.Value <- nothing

            if changes = nothing then
                busy.Value <- false
            else
                let begun = now ()
                do! readAgain changes
                let rest = pace - (now () - begun)
                JS.setTimeout (flush >> start) (int (max 0.0 rest)) |> ignore
        }

    fun addTo ->
        gathered.Value <- addTo gathered.Value

        if not busy.Value then
            busy.Value <- true
            JS.setTimeout (flush >> start) first |> ignore

let private known: Patch.Known ref = ref Map.empty

/// The answer to a request, with the changes that arrived while it was in flight.
let answered (row: Workflow) : Workflow = Patch.answer known.Value row

/// A position in the stream of live events: a linked list of later events. Events that no position refers to are
/// garbage-collected.
type Place = {
    Later: (LiveEvent * Place) option ref
}

let private latest: Place ref = ref { Later = ref None }

let private note (event: LiveEvent) : unit =
    let next = { Later = ref None }
    latest.Value.Later.Value <- Some(event, next)
    latest.Value <- next

/// The position after the last event.
let here () : Place = latest.Value

let eventsSince (place: Place) : LiveEvent list =
    place |> List.unfold (fun place -> place.Later.Value)

/// Applies to a list with a new answer the events that arrived while the request was in flight.
let afterEvents (filter: WorkflowFilter) (events: LiveEvent list) (listing: Listing.Listing) : Listing.Listing =
    let changes =
        events
        |> List.choose (function
            | WorkflowChanged change -> Some change
            | _ -> None)

    let isDoubtful = List.contains Resync events

    (if isDoubtful then Listing.doubt listing else listing)
    |> Listing.after filter (Map.values (burstOf changes).Last)

/// Fetches the lists again that are out of date. Set by `follow`.
let private readListsSoon: (unit -> unit) ref = ref ignore

/// Applies the events that arrived after `asked` to the list with the answer. Rows that they make out of date are fetched soon.
let afterAnswer (filter: WorkflowFilter) (asked: Place) (listing: Listing.Listing) : Listing.Listing =
    match eventsSince asked with
    | [] -> listing
    | events ->
        let next = afterEvents filter events listing

        if Listing.isBehind next then
            readListsSoon.Value()

        next

let private learn (event: LiveEvent) : WorkflowEvent option =
    match event with
    | WorkflowChanged change ->
        Patch.learn change known.Value
        |> Option.map (fun next ->
            known.Value <- next
            change)
    | _ -> None

let private patch (events: LiveEvent list) : unit =
    let isResync = List.contains Resync events

    if isResync then
        known.Value <- Map.empty
        note Resync

    match List.choose learn events with
    | [] -> ()
    | changes ->
        changes |> List.iter (WorkflowChanged >> note)
        Query.revise (revised (burstOf changes))

    if isResync then
        Query.revise doubted

/// Marks all lists as out of date, including answers that are in flight.
let doubtLists () : unit =
    note Resync
    Query.revise doubted

/// Returns the handler of live events that keeps the cache up to date.
let follow () : LiveEvent list -> unit =
    let later =
        gather (fun changes -> Query.refetchWhere (touches changes Query.tryCached Query.tryCached))

    readListsSoon.Value <- fun () -> later (fun changes -> { changes with Lists = true })

    fun events ->
        patch events
        later (addAll events)
