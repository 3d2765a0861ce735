/// What the pages read, by key, and how live events mark it as out of date.
module GopherFlow.Client.Api.Queries

open System
open Fable.Core
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let pageSize = 50

let useSession () =
    Query.useQuery [ "session" ] Calls.session

let useDefinitions () =
    Query.useQuery [ "definitions" ] Calls.definitions

let useDefinition (name: string) =
    Query.useQueryWhen (name <> "") [ "definition"; name ] (fun () -> Calls.definition name)

let useDefinitionVersion (name: string) (version: string) =
    Query.useQuery [ "definition"; name; version ] (fun () -> ScriptCalls.definitionVersion name version)

let useVersions (name: string) =
    Query.useQuery [ "versions"; name ] (fun () -> ScriptCalls.versions name)

let useScripts () =
    Query.useQuery [ "scripts" ] ScriptCalls.scripts

let useScript (name: string) =
    Query.useQuery [ "script"; name ] (fun () -> ScriptCalls.script name)

/// Versions do not change, so neither does what is between them.
let useDifferences (name: string) (from: string) (target: string) =
    Query.useQueryWhen (from <> "" && target <> "") [ "differences"; name; from; target ] (fun () ->
        ScriptCalls.differences name from target)

let useWorkflow (id: Id) =
    Query.useQuery [ "workflow"; string id ] (fun () -> Calls.workflow id)

let useActions (id: Id) =
    let key = [ "actions"; string id ]
    Query.useQuery key (fun () -> Query.tryCached key |> Option.defaultValue [] |> Calls.actions id)

/// Histories only grow, so what was at a position stays so.
let useVariablesAt (id: Id) (position: Id option) =
    let at = position |> Option.defaultValue 0.0
    Query.useQueryWhen position.IsSome [ "variablesAt"; string id; string at ] (fun () -> Calls.variablesAt id at)

let useChildren (id: Id) =
    Query.useQuery [ "children"; string id ] (fun () -> Calls.children id)

let useWorkflows (filter: WorkflowFilter) =
    let address = toQuery filter |> List.map (fun (name, value) -> $"{name}={value}")
    Query.useQueryKeeping ("workflows" :: address) (fun () -> filter |> toSearch pageSize |> Calls.search)

let useExecutors () =
    Query.useQuery [ "executors" ] Calls.executors

/// What has changed since the last time that everything shown was fetched.
type Changes = {
    Workflows: Set<string>
    Parents: Set<string>
    Definitions: Set<string>
    /// The types of the workflows.
    Types: Set<string>
    Scripts: bool
    Everything: bool
}

let nothing = {
    Workflows = Set.empty
    Parents = Set.empty
    Definitions = Set.empty
    Types = Set.empty
    Scripts = false
    Everything = false
}

let add (changes: Changes) (event: LiveEvent) : Changes =
    match event with
    | Hello
    | Resync -> { changes with Everything = true }
    | DefinitionChanged name -> {
        changes with
            Definitions = changes.Definitions.Add name
      }
    | ScriptsChanged -> { changes with Scripts = true }
    | WorkflowChanged change -> {
        changes with
            Types = changes.Types.Add change.WorkflowType
            Workflows = changes.Workflows.Add(string change.Id)
            Parents =
                change.ParentWorkflowId
                |> Option.map (fun parent -> changes.Parents.Add(string parent))
                |> Option.defaultValue changes.Parents
      }

/// Whether what is held under a key is out of date after these changes.
let touches (changes: Changes) (key: string list) : bool =
    match key with
    | "session" :: _ -> false
    | _ when changes.Everything -> true
    // A parent's own count of open children moves with its children.
    | "workflow" :: id :: _ -> changes.Workflows.Contains id || changes.Parents.Contains id
    | "actions" :: id :: _ -> changes.Workflows.Contains id
    | "children" :: parent :: _ -> changes.Parents.Contains parent || changes.Workflows.Contains parent
    | "workflows" :: _ -> not changes.Workflows.IsEmpty
    | "definition" :: name :: _ -> changes.Definitions.Contains name
    | "definitions" :: _ -> not changes.Definitions.IsEmpty
    // The counts of unfinished workflows move with these.
    | "versions" :: name :: _ -> changes.Definitions.Contains name || changes.Types.Contains name
    | "script" :: name :: _ -> changes.Scripts || changes.Types.Contains name
    | "scripts" :: _ -> changes.Scripts || not changes.Types.IsEmpty
    | _ -> false

/// Gathers a burst of events and fetches what they touch. The next burst waits until this one is shown, so a busy
/// server is asked once at a time and the last change is never missed.
let follow () : LiveEvent -> unit =
    let gathered = ref nothing
    let busy = ref false

    let rec flush () : JS.Promise<unit> =
        promise {
            let changes = gathered.Value
            gathered.Value <- nothing

            if changes = nothing then
                busy.Value <- false
            else
                do! Query.refetchWhere (touches changes)
                JS.setTimeout (flush >> start) 200 |> ignore
        }

    fun event ->
        gathered.Value <- add gathered.Value event

        if not busy.Value then
            busy.Value <- true
            JS.setTimeout (flush >> start) 25 |> ignore
