/// What the pages read, by key. Each read waits until the stream of events stands, and what is heard meanwhile is in its answer.
module GopherFlow.Client.Api.Queries

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let pageSize = 50

/// Reads once the stream of events stands.
let whenLive (fetch: unit -> JS.Promise<'t>) () : JS.Promise<'t> = LiveEvents.ready () |> bind fetch

let private useRead (key: string list) (fetch: unit -> JS.Promise<'t>) = Query.useQuery key (whenLive fetch)

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

/// A version does not change.
let useScriptSource (name: string) (version: string) =
    Query.useQueryWhen (version <> "") [ "scriptSource"; name; version ] (fun () ->
        ScriptCalls.scriptVersion name version)

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

    Query.useQueryKeeping (LiveCache.listKey filter) (whenLive fetch)

let useCounts () = useRead [ "counts" ] Calls.counts

/// The transitions that were heard of since somebody looked at this version; nothing is fetched.
let useTraffic (name: string) (version: string) =
    let key = [ "traffic"; name; version ]

    Query.useQuery key (fun () ->
        Query.tryCached key
        |> Option.defaultValue (Map.empty: Patch.Traffic)
        |> resolved)

/// The children of a workflow that is drawn large; of others only how many are open is shown.
let useChildrenWhen (wanted: bool) (id: Id) =
    Query.useQueryWhen
        wanted
        [ "children"; string id ]
        (whenLive (fun () -> Calls.children id |> map (List.map LiveCache.answered)))

let useExecutors () = useRead [ "executors" ] Calls.executors

/// They do not change while a server runs.
let useSettings () =
    Query.useQuery [ "settings" ] Calls.settings

let useSignInMethods () =
    Query.useQuery [ "signInMethods" ] AccountCalls.signInMethods

/// For admins.
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
    Query.useQueryKeeping key (fun () -> AccountCalls.auditLog pairs)
