/// What live events do to what was read: rows are changed at once, the rest is read again, every 450 milliseconds at most.
module GopherFlow.Client.Api.LiveCache

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

type Changed = { Last: WorkflowEvent; IsNew: bool }

/// What has changed since what is shown was read the last time.
type Changes = {
    Workflows: Map<string, Changed>
    Parents: Set<string>
    Definitions: Set<string>
    /// The types of the workflows.
    Types: Set<string>
    Scripts: bool
    Everything: bool
    /// Whether a list has more to read than its last answer had.
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

/// Whether a workflow has come to those that need a person, or is shown among them.
let private needsOrNeeded (shown: WorkflowPage option) (id: string) (change: WorkflowEvent) =
    Attention.isNeeding change.Status
    || match shown with
       | Some page -> page.Workflows |> List.exists (fun row -> string row.Id = id)
       | None -> true

/// Whether what is held under a key is to be read again after these changes; `listed` gives a list of workflows as it is held, `shown` a page of them.
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
    // A parent's own count of open children moves with its children.
    | "workflow" :: id :: _ -> changed id || changes.Parents.Contains id
    | "actions" :: id :: _
    | "history" :: id :: _
    | "path" :: id :: _
    | "signals" :: id :: _ -> changed id
    | "family" :: parent :: _
    | "children" :: parent :: _ -> changes.Parents.Contains parent || changed parent
    | "workflows" :: _ -> listed key |> Option.forall Listing.isBehind
    // A stream that continues after a gap tells of scripts alone, and a script may have made another definition.
    | "definition" :: name :: _ -> changes.Scripts || changes.Definitions.Contains name
    | "definitions" :: _ -> changes.Scripts || not changes.Definitions.IsEmpty
    | "counts" :: _ -> not changes.Types.IsEmpty
    // The counts of unfinished workflows move with these.
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

/// After one change after the other; None when none of them changes anything.
let private afterEach (step: WorkflowEvent -> 't -> 't option) (changes: WorkflowEvent seq) (held: 't) : obj option =
    changes
    |> Seq.fold
        (fun next change ->
            match step change (defaultArg next held) with
            | Some changed -> Some changed
            | None -> next)
        None
    |> Option.map box

/// What is held under a key after changes; None when that is nothing else.
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

/// What is held under a key when changes may have been missed; None when that is nothing else.
let private doubted (key: string list) (held: obj) : obj option =
    match key with
    | "workflows" :: _ -> Some(box (Listing.doubt (unbox held)))
    | _ -> None

/// The milliseconds between two reads of the same while events come.
let private pace = 450.0

/// The first event of a burst is waited for a little longer, for it seldom comes alone.
let private first = 25

/// Gathers what is added to the changes for `readAgain`, which is called soon after the first of it, then about twice a second
/// while more comes, and after the last of it.
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

/// How far the course of events has come.
let here () : Place = latest.Value

let heardSince (place: Place) : LiveEvent list =
    place |> List.unfold (fun place -> place.Later.Value)

/// A list with an answer, after events that came while the answer was on its way.
let afterEvents (filter: WorkflowFilter) (events: LiveEvent list) (listing: Listing.Listing) : Listing.Listing =
    let changes =
        events
        |> List.choose (function
            | WorkflowChanged change -> Some change
            | _ -> None)

    let isDoubtful = List.contains Resync events

    (if isDoubtful then Listing.doubt listing else listing)
    |> Listing.after filter (Map.values (burstOf changes).Last)

/// Has lists that are behind read again, once events are followed.
let private readListsSoon: (unit -> unit) ref = ref ignore

/// A list with an answer that was asked for at a place in the course of events. What it still has to read is read soon.
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

/// Keeps what is shown as events say.
let follow () : LiveEvent list -> unit =
    let later =
        gather (fun changes -> Query.refetchWhere (touches changes Query.tryCached Query.tryCached))

    readListsSoon.Value <- fun () -> later (fun changes -> { changes with Lists = true })

    fun events ->
        patch events
        later (addAll events)

/// Whether what is held under a key shows or counts many workflows.
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

/// Reads again what may show workflows that were deleted here, for no event tells of that. Answers that are on their way may
/// be older, too.
let deleted () : JS.Promise<unit> =
    note Resync
    Query.revise doubted
    Query.refetchWhere showsMany
