/// Applies live events to the cache: rows are changed at once, the rest is read again, at most every 450 milliseconds.
module GopherFlow.Client.Api.LiveCache

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

type Changed = { Last: WorkflowEvent; IsNew: bool }

/// What has changed since the last read.
type Changes = {
    Workflows: Map<string, Changed>
    Parents: Set<string>
    Definitions: Set<string>
    /// The types of the workflows.
    Types: Set<string>
    Scripts: bool
    Everything: bool
    /// Whether a list has rows to read that its last answer did not bring.
    Lists: bool
}

let nothing = {
    Workflows = Map.empty
    Parents = Set.empty
    Definitions = Set.empty
    Types = Set.empty
    Scripts = false
    Everything = false
    Lists = false
}

let private addWorkflow (change: WorkflowEvent) (changes: Changes) =
    let id = string change.Id

    let wasNew = changes.Workflows.TryFind id |> Option.exists _.IsNew

    {
        changes with
            Types = changes.Types.Add change.WorkflowType
            Workflows =
                changes.Workflows.Add(
                    id,
                    {
                        Last = change
                        IsNew = wasNew || change.PreviousState.IsNone
                    }
                )
            Parents =
                change.ParentWorkflowId
                |> Option.map (fun parent -> changes.Parents.Add(string parent))
                |> Option.defaultValue changes.Parents
    }

let add (changes: Changes) (event: LiveEvent) : Changes =
    match event with
    | Resync -> { changes with Everything = true }
    | DefinitionChanged name -> {
        changes with
            Definitions = changes.Definitions.Add name
      }
    | ScriptsChanged -> { changes with Scripts = true }
    | WorkflowChanged change -> addWorkflow change changes

let addAll (events: LiveEvent list) (changes: Changes) : Changes = List.fold add changes events

let listKey (filter: WorkflowFilter) : string list =
    "workflows"
    :: (toQuery filter |> List.map (fun (name, value) -> $"{name}={value}"))

let private filterOf (address: string list) : WorkflowFilter =
    address
    |> List.map (fun part ->
        let at = part.IndexOf '='
        part.Substring(0, at), part.Substring(at + 1))
    |> ofQuery

/// Whether a workflow needs a person now, or is listed among those that do.
let private needsOrNeeded (shown: WorkflowPage option) (id: string) (change: WorkflowEvent) =
    Attention.isNeeding change.Status
    || match shown with
       | Some page -> page.Workflows |> List.exists (fun row -> string row.Id = id)
       | None -> true

/// Whether a query has to be read again after these changes. `listed` gives the cached list of a key, `shown` the cached page.
let touches
    (changes: Changes)
    (listed: string list -> Listing.Listing option)
    (shown: string list -> WorkflowPage option)
    (key: string list)
    : bool =
    let changed (id: string) = changes.Workflows.ContainsKey id

    match key with
    | "session" :: _ -> false
    | _ when changes.Everything -> true
    // A change of a child may change its parent's count of open children.
    | "workflow" :: id :: _ -> changed id || changes.Parents.Contains id
    | "actions" :: id :: _
    | "history" :: id :: _
    | "path" :: id :: _
    | "signals" :: id :: _ -> changed id
    | "family" :: parent :: _
    | "children" :: parent :: _ -> changes.Parents.Contains parent || changed parent
    | "workflows" :: _ -> listed key |> Option.forall Listing.isBehind
    // A stream that resumes tells only that scripts have changed, and a script may have changed a definition.
    | "definition" :: name :: _ -> changes.Scripts || changes.Definitions.Contains name
    | "definitions" :: _ -> changes.Scripts || not changes.Definitions.IsEmpty
    | "counts" :: _ -> not changes.Types.IsEmpty
    // These show how many workflows are unfinished.
    | "versions" :: name :: _ ->
        changes.Scripts
        || changes.Definitions.Contains name
        || changes.Types.Contains name
    | "script" :: name :: _ -> changes.Scripts || changes.Types.Contains name
    | "scripts" :: _ -> changes.Scripts || not changes.Types.IsEmpty
    | [ "attention" ] ->
        changes.Workflows
        |> Map.exists (fun id change -> needsOrNeeded (shown key) id change.Last)
    | _ -> false

/// Changes in their order, and the last of each workflow.
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

/// Applies the changes one after the other; None when nothing changes.
let private afterEach (step: WorkflowEvent -> 't -> 't option) (changes: WorkflowEvent seq) (held: 't) : obj option =
    changes
    |> Seq.fold
        (fun next change ->
            match step change (defaultArg next held) with
            | Some changed -> Some changed
            | None -> next)
        None
    |> Option.map box

/// The cached value of a key after changes; None when it stays the same.
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

/// The cached value of a key when changes may have been missed; None when it stays the same.
let private doubted (key: string list) (held: obj) : obj option =
    match key with
    | "workflows" :: _ -> Some(box (Listing.doubt (unbox held)))
    | _ -> None

/// The milliseconds between two reads while events come.
let private pace = 450.0

/// The milliseconds from the first event to the first read: an event seldom comes alone.
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

/// An answer with the changes that arrived while it was on its way.
let answered (row: Workflow) : Workflow = Patch.answer known.Value row

/// A position in the stream of live events. Whoever keeps it can read the events that came later; the rest is garbage-collected.
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

let heardSince (place: Place) : LiveEvent list =
    place |> List.unfold (fun place -> place.Later.Value)

/// Applies the events that came while an answer was on its way to the list with that answer.
let afterEvents (filter: WorkflowFilter) (events: LiveEvent list) (listing: Listing.Listing) : Listing.Listing =
    let changes =
        events
        |> List.choose (function
            | WorkflowChanged change -> Some change
            | _ -> None)

    let isDoubtful = List.contains Resync events

    (if isDoubtful then Listing.doubt listing else listing)
    |> Listing.after filter (Map.values (burstOf changes).Last)

/// Reads lists that are behind again. `follow` sets it.
let private readListsSoon: (unit -> unit) ref = ref ignore

/// Applies the events that came after `asked` to the list with the answer. Rows that they make out of date are read soon.
let afterAnswer (filter: WorkflowFilter) (asked: Place) (listing: Listing.Listing) : Listing.Listing =
    match heardSince asked with
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

/// Keeps the cache up to date with the events that it is given.
let follow () : LiveEvent list -> unit =
    let later =
        gather (fun changes -> Query.refetchWhere (touches changes Query.tryCached Query.tryCached))

    readListsSoon.Value <- fun () -> later (fun changes -> { changes with Lists = true })

    fun events ->
        patch events
        later (addAll events)

/// Whether a query shows or counts many workflows.
let showsMany (key: string list) : bool =
    match key with
    | [] -> false
    | name :: _ ->
        List.contains name [
            "workflows"
            "counts"
            "attention"
            "late"
            "upcoming"
            "children"
            "family"
            "versions"
            "script"
            "scripts"
        ]

/// Reads again what may show workflows that were deleted here, because no event tells of a deletion. Answers that are on their
/// way may be older, too.
let deleted () : JS.Promise<unit> =
    note Resync
    Query.revise doubted
    Query.refetchWhere showsMany

/// A longer list is not read again for deletions by others: that would be too many searches.
let private mostReread = 2500

/// The cached value of a key when others may have deleted workflows; None when it stays the same.
let suspected (key: string list) (held: obj) : obj option =
    match key with
    | "workflows" :: _ when (unbox<Listing.Listing> held).Rows.Length > mostReread -> None
    | _ -> doubted key held

/// The milliseconds between two looks for deletions by others.
let private deletionPace = 60000

/// Reads again, until disposed, what may show workflows that others delete, while the tab is seen.
let watchDeletions () : System.IDisposable =
    Browser.every deletionPace (fun () ->
        if not (Browser.isHidden ()) then
            Query.revise suspected
            Query.refetchWhere showsMany |> start)
