/// What the pages read, by key. Each read waits until the stream of events stands, and what is heard meanwhile is in its answer.
module GopherFlow.Client.Api.Queries

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let pageSize = 50

let private read (fetch: unit -> JS.Promise<'t>) () : JS.Promise<'t> = LiveEvents.ready () |> bind fetch

let private useRead (key: string list) (fetch: unit -> JS.Promise<'t>) = Query.useQuery key (read fetch)

let useSession () =
    Query.useQuery [ "session" ] Calls.session

let useDefinitions () =
    useRead [ "definitions" ] Calls.definitions

let useDefinition (name: string) =
    Query.useQueryWhen (name <> "") [ "definition"; name ] (read (fun () -> Calls.definition name))

let useDefinitionVersion (name: string) (version: string) =
    useRead [ "definition"; name; version ] (fun () -> ScriptCalls.definitionVersion name version)

let useVersions (name: string) =
    useRead [ "versions"; name ] (fun () -> ScriptCalls.versions name)

let useScripts () =
    useRead [ "scripts" ] ScriptCalls.scripts

let useScript (name: string) =
    useRead [ "script"; name ] (fun () -> ScriptCalls.script name)

/// Versions do not change, so neither does what is between them.
let useDifferences (name: string) (from: string) (target: string) =
    Query.useQueryWhen (from <> "" && target <> "") [ "differences"; name; from; target ] (fun () ->
        ScriptCalls.differences name from target)

let useWorkflow (id: Id) =
    useRead [ "workflow"; string id ] (fun () -> Calls.workflow id |> map LiveCache.answered)

let useActions (id: Id) =
    let key = [ "actions"; string id ]
    useRead key (fun () -> Query.tryCached key |> Option.defaultValue [] |> Calls.actions id)

/// Histories only grow, so what was at a position stays so.
let useVariablesAt (id: Id) (position: Id option) =
    let at = position |> Option.defaultValue 0.0
    Query.useQueryWhen position.IsSome [ "variablesAt"; string id; string at ] (fun () -> Calls.variablesAt id at)

let useChildren (id: Id) =
    useRead [ "children"; string id ] (fun () -> Calls.children id |> map (List.map LiveCache.answered))

let useWorkflows (filter: WorkflowFilter) =
    let fetch () =
        filter
        |> toSearch pageSize
        |> Calls.search
        |> map (fun page -> {
            page with
                Workflows = List.map LiveCache.answered page.Workflows
        })

    Query.useQueryKeeping (LiveCache.listKey filter) (read fetch)

let useExecutors () = useRead [ "executors" ] Calls.executors

/// They do not change while a server runs.
let useSettings () =
    Query.useQuery [ "settings" ] Calls.settings

let private historyKey (id: Id) = [ "history"; string id ]

let private held (id: Id) () : HeldHistory.Held =
    Query.tryCached (historyKey id) |> Option.defaultValue HeldHistory.nothing

/// The newest part of a history.
let useHistory (id: Id) =
    useRead (historyKey id) (fun () -> HeldHistory.refresh (RunCalls.history id HeldHistory.FirstPage) (held id))

/// Reads the page before what is held of a history.
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

let useSignals (id: Id) =
    useRead [ "signals"; string id ] (fun () -> RunCalls.signals id)

/// The first children of a workflow, oldest first.
let useFamily (id: Id) =
    useRead [ "family"; string id ] (fun () -> RunCalls.children id 200 None)

/// The entries around one of the history. They do not change any more.
let useHistoryAround (id: Id) (entry: Id option) =
    let at = Option.defaultValue 1.0 entry
    let limit = HeldHistory.FirstPage

    Query.useQueryWhen entry.IsSome [ "historyAround"; string id; string at ] (fun () ->
        RunCalls.historyAfter id limit at
        |> bind (fun newer ->
            RunCalls.history id limit (Some(string (at + 1.0)))
            |> map (HeldHistory.join newer)))
