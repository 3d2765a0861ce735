/// Calls of the server's API: session, definitions, workflows, counts, executors and settings.
module GopherFlow.Client.Api.Calls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http

let private escape (part: string) = JS.encodeURIComponent part

let signIn (username: string) (password: string) : JS.Promise<Session> =
    createObj [ "username", box username; "password", box password ]
    |> post "session" Json.contract<Session> "/api/session"

let session () : JS.Promise<Visitor> =
    get "session" Json.contract<CurrentSession> "/api/session/current"
    |> map (fun current ->
        match current.Session with
        | Some session -> SignedIn session
        | None -> SignedOut)

/// Also succeeds when the session has already ended.
let signOut () : JS.Promise<unit> =
    delete "/api/session"
    |> catch (function
        | ApiException problem when problem.Status = 401 -> resolved ()
        | other -> rejected other)

let definitions () : JS.Promise<Definition list> =
    get "definitions" (Json.list Json.contract<Definition>) "/api/definitions"

let definition (name: string) : JS.Promise<Definition> =
    get "definition" Json.contract<Definition> $"/api/definitions/{escape name}"

let workflow (id: Id) : JS.Promise<Workflow> =
    get "workflow" Json.contract<Workflow> $"/api/workflows/{id}"

let search (body: obj) : JS.Promise<WorkflowPage> =
    post "page" Json.contract<WorkflowPage> "/api/workflows/search" body

/// The most children that one search reads.
[<Literal>]
let MostChildren = 200

/// The children of a workflow, oldest first. If one search does not return all of them: the newest, and those that failed.
let children (parent: Id) : JS.Promise<Workflow list> =
    let read (more: (string * obj) list) =
        createObj ([ "parentWorkflowId", box parent; "limit", box MostChildren ] @ more)
        |> search

    let failed = [| Failed; Errored |] |> Array.map Status.wire

    read []
    |> bind (fun newest ->
        if newest.Next.IsNone then
            resolved newest.Workflows
        else
            read [ "filter", createObj [ "statuses", box failed ] ]
            |> map (fun others -> newest.Workflows @ others.Workflows))
    |> map (List.distinctBy _.Id >> List.sortBy _.Id)

/// The number of workflows by type, version, state and status.
let counts () : JS.Promise<WorkflowCount list> =
    get "counts" (Json.list Json.contract<WorkflowCount>) "/api/counts"

let executors () : JS.Promise<Executor list> =
    get "executors" (Json.list Json.contract<Executor>) "/api/executors"

let settings () : JS.Promise<Setting list> =
    get "settings" (Json.list Json.contract<Setting>) "/api/settings"

let private actionsPage (id: Id) (limit: int) (before: Id option) : JS.Promise<Action list> =
    let position =
        before |> Option.map (fun id -> $"&cursor={id}") |> Option.defaultValue ""

    get "actions" (Json.list Json.contract<Action>) $"/api/actions/byWorkflowId/{id}?limit={limit}{position}"

// A server may return fewer entries than requested. If it returns fewer than this, there are no more.
let private leastPage = 100

/// The whole history, newest first. A history only grows, so only entries newer than the known ones are fetched. If the newest
/// known entry is missing, the history was replaced on the server, and all of it is fetched.
let rec actions (id: Id) (known: Action list) : JS.Promise<Action list> =
    let limit = if known.IsEmpty then 1000 else leastPage
    let newest = known |> List.tryHead |> Option.map _.Id |> Option.defaultValue -1.0

    let rec collect (found: Action list) (before: Id option) : JS.Promise<Action list> =
        actionsPage id limit before
        |> bind (fun page ->
            let fresh = page |> List.takeWhile (fun action -> action.Id > newest)
            let found = found @ fresh
            let meets = page |> List.exists (fun action -> action.Id = newest)

            if meets then resolved (found @ known)
            elif fresh.Length < page.Length then actions id []
            elif page.Length < leastPage then resolved found
            else collect found (Some (List.last page).Id))

    collect [] None

type StartRequest = {
    WorkflowType: string
    ExternalId: string
    BusinessKey: string
    ExecutorGroup: string
    /// 1 (first) to 9 (last).
    Priority: int
    StateVars: obj
    NextActivation: Instant option
}

let startWorkflow (request: StartRequest) : JS.Promise<CreatedWorkflow> =
    createObj [
        "workflowType", box request.WorkflowType
        "externalId", box request.ExternalId
        "businessKey", box request.BusinessKey
        "executorGroup", box request.ExecutorGroup
        "priority", box request.Priority
        "stateVars", request.StateVars
        match request.NextActivation with
        | Some at -> "nextActivation", box (Instant.iso at)
        | None -> ()
    ]
    |> post "created workflow" Json.contract<CreatedWorkflow> "/api/workflows"

/// Calls an operation on a workflow by its name in the API.
let operate (id: Id) (operation: string) (fields: (string * obj) list) : JS.Promise<unit> =
    createObj fields
    |> post "answer" Json.anything $"/api/workflows/{id}/{operation}"
    |> map ignore

let deleteWorkflow (id: Id) : JS.Promise<unit> = delete $"/api/workflows/{id}"

/// The variables after an entry of the history, and the names of those that the history does not keep.
let variablesAt (id: Id) (position: Id) : JS.Promise<VariablesAt> =
    get "variables" Json.contract<VariablesAt> $"/api/workflows/{id}/variables?at={position}"
