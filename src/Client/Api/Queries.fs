/// The queries of the pages. Each request waits until the event stream is open; changes that arrive while it is in flight are
/// applied to its answer.
module GopherFlow.Client.Api.Queries

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let private pageSize = 100

/// Fetches as soon as the event stream is open.
let whenLive (fetch: unit -> JS.Promise<'t>) () : JS.Promise<'t> = LiveEvents.ready () |> bind fetch

let private useRead (key: string list) (fetch: unit -> JS.Promise<'t>) = Query.useQuery key (whenLive fetch)

let private readPage (body: obj) : JS.Promise<WorkflowPage> =
    Calls.search body
    |> map (fun page -> {
        page with
            Workflows = List.map LiveCache.answered page.Workflows
    })

let useSession () =
    Query.useQuery [ "session" ] Calls.session

let useDefinitions () =
    useRead [ "definitions" ] Calls.definitions

let useDefinition (name: string) =
    Query.useQueryWhen (name <> "") [ "definition"; name ] (whenLive (fun () -> Calls.definition name))

let useDefinitionVersion (name: string) (version: string) =
    useRead [ "definition"; name; version ] (fun () -> ScriptCalls.definitionVersion name version)

let useVersions (name: string) =
    useRead [ "versions"; name ] (fun () -> ScriptCalls.versions name)

let useScripts () =
    useRead [ "scripts" ] ScriptCalls.scripts

let useScript (name: string) =
    useRead [ "script"; name ] (fun () -> ScriptCalls.script name)

/// Versions never change, so this is not fetched again on events.
let useScriptSource (name: string) (version: string) =
    Query.useQueryWhen (version <> "") [ "scriptSource"; name; version ] (fun () ->
        ScriptCalls.scriptVersion name version)

/// Versions never change, so neither do their differences.
let useDifferences (name: string) (from: string) (target: string) =
    Query.useQueryWhen (from <> "" && target <> "") [ "differences"; name; from; target ] (fun () ->
        ScriptCalls.differences name from target)

let useWorkflow (id: Id) =
    useRead [ "workflow"; string id ] (fun () -> Calls.workflow id |> map LiveCache.answered)

let useActions (id: Id) =
    let key = [ "actions"; string id ]
    useRead key (fun () -> Query.tryCached key |> Option.defaultValue [] |> Calls.actions id)

/// Histories only grow, so the variables at a position never change.
let useVariablesAt (id: Id) (position: Id option) =
    let at = position |> Option.defaultValue 0.0
    Query.useQueryWhen position.IsSome [ "variablesAt"; string id; string at ] (fun () -> Calls.variablesAt id at)

let private searched (cursor: Id option) (filter: WorkflowFilter) : JS.Promise<WorkflowPage> =
    FilterSearch.toSearch (Instant.now ()) pageSize cursor filter |> readPage

let useCounts () = useRead [ "counts" ] Calls.counts

/// The transitions counted since this version was first shown. Nothing is fetched: events fill the cache entry.
let useTraffic (name: string) (version: string) =
    let key = [ "traffic"; name; version ]

    Query.useQuery key (fun () ->
        Query.tryCached key
        |> Option.defaultValue (Map.empty: Patch.Traffic)
        |> resolved)

/// The children of a workflow on a large diagram; of very many, the newest and those that failed. A small diagram shows only the
/// number of open children.
let useChildrenWhen (wanted: bool) (id: Id) =
    Query.useQueryWhen
        wanted
        [ "children"; string id ]
        (whenLive (fun () -> Calls.children id |> map (List.map LiveCache.answered)))

/// Merges a page into the cached list, and applies the events that arrived after `asked`, the position when the page was
/// requested.
let private put
    (filter: WorkflowFilter)
    (asked: LiveCache.Place)
    (change: Listing.Listing -> Listing.Listing)
    : Listing.Listing =
    let key = LiveCache.listKey filter

    let next =
        Query.tryCached key
        |> Option.defaultValue Listing.unread
        |> change
        |> LiveCache.afterAnswer filter asked

    Query.put key next
    next

/// The most consecutive reads with which a list catches up.
let private mostReads = 25

/// Reads the changed rows below an id again. Rows that change meanwhile are read the next time.
let rec private catchUp
    (filter: WorkflowFilter)
    (left: int)
    (below: Id)
    (listing: Listing.Listing)
    : JS.Promise<Listing.Listing> =
    match Listing.window below listing with
    | Some(first, last) when left > 0 ->
        let asked = LiveCache.here ()

        FilterSearch.criteria (Instant.now ()) filter
        |> FilterSearch.among first last
        |> FilterSearch.search pageSize None filter.Text
        |> readPage
        |> bind (fun page ->
            put filter asked (Listing.between first last page)
            |> catchUp filter (left - 1) (max first (Listing.lowest page)))
    | _ -> resolved listing

let private heldList (filter: WorkflowFilter) : Listing.Listing option =
    Query.tryCached (LiveCache.listKey filter)

/// The milliseconds between two fetches of a list that events alone do not keep up to date.
let private slow = 30000

/// Fetches a list that changes without events at intervals while the tab is visible, unless the list is too long.
let private useDrift (filter: WorkflowFilter) : unit =
    let key = LiveCache.listKey filter
    let drifts = Listing.drifts filter

    // A query must return a value.
    let look () : JS.Promise<bool> =
        match heldList filter with
        | Some held when drifts && held.Rows.Length <= pageSize * mostReads ->
            if not (Listing.isBehind held) then
                Query.put key (Listing.doubt held)

            Query.refetchWhere ((=) key) |> map (fun () -> true)
        | _ -> resolved drifts

    let pause (_: bool option) : int = if drifts then slow else 0
    Query.useQueryEvery pause ("drift" :: key) look |> ignore

/// The loaded workflows that match a filter. Live events keep them up to date.
let useListing (filter: WorkflowFilter) =
    let fetch () =
        let asked = LiveCache.here ()

        searched None filter
        |> map (fun page -> put filter asked (Listing.top page))
        |> bind (catchUp filter mostReads infinity)

    useDrift filter
    Query.useQueryKeeping (FilterSearch.isValid filter) (LiveCache.listKey filter) (whenLive fetch)

/// Reads the next page of a cached list. A page that no longer fits the list is dropped.
let readOn (filter: WorkflowFilter) : JS.Promise<unit> =
    match heldList filter |> Option.bind Listing.next with
    | None -> resolved ()
    | Some below ->
        let asked = LiveCache.here ()

        searched (Some below) filter
        |> map (fun page ->
            if (heldList filter).IsSome then
                put filter asked (Listing.more below page) |> ignore)

/// Replaces a list with its newest page.
let readNewest (filter: WorkflowFilter) : JS.Promise<unit> =
    let asked = LiveCache.here ()

    searched None filter
    |> map (fun page -> put filter asked (fun _ -> Listing.top page Listing.unread) |> ignore)

let useExecutors () = useRead [ "executors" ] Calls.executors

/// Settings do not change while a server runs.
let useSettings () =
    Query.useQuery [ "settings" ] Calls.settings

let useSignInMethods () =
    Query.useQuery [ "signInMethods" ] AccountCalls.signInMethods

/// Fetched only for admins, because the server refuses others.
let useUsers (isAdmin: bool) =
    Query.useQueryWhen isAdmin [ "users" ] AccountCalls.users

let useUser (id: Id) =
    Query.useQuery [ "user"; string id ] (fun () -> AccountCalls.user id)

let useSessions (user: Id) =
    Query.useQuery [ "sessions"; string user ] (fun () -> AccountCalls.sessions user)

let useKeys (user: Id) =
    Query.useQuery [ "keys"; string user ] (fun () -> AccountCalls.keys user)

let useAuditLog (pairs: (string * string) list) =
    let key = "audit" :: (pairs |> List.map (fun (name, value) -> $"{name}={value}"))
    Query.useQueryKeeping true key (fun () -> AccountCalls.auditLog pairs)

let private historyKey (id: Id) = [ "history"; string id ]

let private held (id: Id) () : HeldHistory.Held =
    Query.tryCached (historyKey id) |> Option.defaultValue HeldHistory.nothing

/// The newest part of a history, and the older pages that were loaded.
let useHistory (id: Id) =
    useRead (historyKey id) (fun () -> HeldHistory.refresh (RunCalls.history id HeldHistory.FirstPage) (held id))

/// Reads the next older page of a history.
let readOlder (id: Id) : JS.Promise<unit> =
    match (held id ()).Older with
    | None -> resolved ()
    | Some cursor ->
        RunCalls.history id HeldHistory.OlderPage (Some cursor)
        |> map (fun page ->
            let now = held id ()

            if now.Older = Some cursor then
                Query.put (historyKey id) (HeldHistory.extend page now))

let usePath (id: Id) =
    useRead [ "path"; string id ] (fun () -> RunCalls.path id)

/// The first signals that are kept for a workflow, without large payloads.
let useSignals (id: Id) (limit: int) =
    Query.useQueryKeeping true [ "signals"; string id; string limit ] (whenLive (fun () -> RunCalls.signals id limit))

/// One kept signal of a workflow with its payload; fetched on demand.
let useSignal (isAskedFor: bool) (id: Id) (signalId: Id) =
    Query.useQueryWhen isAskedFor [ "signal"; string id; string signalId ] (fun () -> RunCalls.signal id signalId)

/// The children of a workflow, oldest first: the first pages of them.
let useFamily (id: Id) (pages: int) =
    Query.useQueryKeeping
        true
        [ "family"; string id; string pages ]
        (whenLive (fun () -> RunCalls.firstPages (RunCalls.children id 200) pages))

/// The entries around one entry of the history. They do not change any more.
let useHistoryAround (id: Id) (entry: Id option) =
    let at = Option.defaultValue 1.0 entry
    let limit = HeldHistory.FirstPage

    Query.useQueryWhen entry.IsSome [ "historyAround"; string id; string at ] (fun () ->
        RunCalls.historyAfter id limit at
        |> bind (fun newer ->
            RunCalls.history id limit (Some(string (at + 1.0)))
            |> map (HeldHistory.join newer)))
