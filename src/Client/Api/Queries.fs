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

    Query.useQueryKeeping (LiveCache.listKey filter) (read fetch)

let useExecutors () = useRead [ "executors" ] Calls.executors
