/// The calls about one workflow: history, path, children, signals and operations.
module GopherFlow.Client.Api.RunCalls

open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Api.Json
open GopherFlow.Client.Api.Http

/// A page of a history, newest first: the entries before an entry, or the newest.
let history (id: Id) (limit: int) (before: string option) : JS.Promise<HistoryPage> =
    let cursor =
        before
        |> Option.map (fun cursor -> $"&cursor={cursor}")
        |> Option.defaultValue ""

    get "history" contract<HistoryPage> $"/api/workflows/{id}/history?limit={limit}{cursor}"

/// A page of a history, oldest first: the entries after an entry.
let historyAfter (id: Id) (limit: int) (after: Id) : JS.Promise<HistoryPage> =
    get "history" contract<HistoryPage> $"/api/workflows/{id}/history?order=oldest&limit={limit}&cursor={after}"

let path (id: Id) : JS.Promise<WorkflowPath> =
    get "path" contract<WorkflowPath> $"/api/workflows/{id}/path"

/// A page of the children, oldest first.
let children (id: Id) (limit: int) (after: string option) : JS.Promise<WorkflowPage> =
    let cursor =
        after
        |> Option.map (fun cursor -> $"&cursor={cursor}")
        |> Option.defaultValue ""

    get "children" contract<WorkflowPage> $"/api/workflows/{id}/children?limit={limit}{cursor}"

/// Reads the first pages of a list one after the other and joins them. `read` gets the cursor of each page.
let firstPages (read: string option -> JS.Promise<WorkflowPage>) (pages: int) : JS.Promise<WorkflowPage> =
    let rec go (left: int) (before: Workflow list) (cursor: string option) : JS.Promise<WorkflowPage> =
        read cursor
        |> bind (fun page ->
            let workflows = before @ page.Workflows

            if left > 1 && page.Next.IsSome then
                go (left - 1) workflows page.Next
            else
                resolved {
                    page with
                        Results = workflows.Length
                        Workflows = workflows
                })

    go pages [] None

let signals (id: Id) (limit: int) : JS.Promise<SignalPage> =
    get "signals" contract<SignalPage> $"/api/workflows/{id}/signals?limit={limit}"

let signal (id: Id) (signalId: Id) : JS.Promise<Signal> =
    get "signal" contract<Signal> $"/api/workflows/{id}/signals/{signalId}"

/// A change of variables. `Expected` has the values that they must have before; null expects that there is no such variable.
type VariableChanges = {
    Set: (string * obj) list
    Remove: string list
    Expected: (string * obj) list
}

let noChanges: VariableChanges = { Set = []; Remove = []; Expected = [] }

let private fieldsOf (changes: VariableChanges) : (string * obj) list = [
    if not changes.Set.IsEmpty then
        "set", createObj changes.Set
    if not changes.Remove.IsEmpty then
        "remove", box (List.toArray changes.Remove)
    if not changes.Expected.IsEmpty then
        "expected", createObj changes.Expected
]

let changeVariables (id: Id) (changes: VariableChanges) : JS.Promise<unit> =
    fieldsOf changes
    |> createObj
    |> patch "answer" anything $"/api/workflows/{id}/variables"
    |> map ignore

let private act (id: Id) (operation: string) (fields: (string * obj) list) : JS.Promise<unit> =
    createObj fields
    |> post "answer" anything $"/api/workflows/{id}/{operation}"
    |> map ignore

type Move = {
    To: string
    /// The expected current state; the server refuses the move when the workflow has left it.
    From: string
    At: Instant option
    /// Whether the move leaves a Manual state for a state that the Manual state does not declare.
    Forced: bool
}

let move (id: Id) (move: Move) : JS.Promise<unit> =
    act id "state" [
        "state", box move.To
        "fromStates", box [| move.From |]
        if move.Forced then
            "force", box true
        match move.At with
        | Some at -> "nextActivation", box (Instant.iso at)
        | None -> ()
    ]

let cancel (id: Id) (children: bool) =
    act id "cancel" [ "children", box children ]

let pause (id: Id) = act id "pause" []
let resume (id: Id) = act id "resume" []
let retry (id: Id) = act id "retry" []

let runAgain (id: Id) (state: string) (changes: VariableChanges) =
    act id "runAgain" (("state", box state) :: fieldsOf changes)

let place (id: Id) (priority: int) (group: string) : JS.Promise<unit> =
    createObj [ "priority", box priority; "executorGroup", box group ]
    |> patch "answer" anything $"/api/workflows/{id}"
    |> map ignore

/// Moves one workflow to another version, by a job over this one workflow.
let moveToVersion (workflow: Workflow) (version: string) (state: string option) : JS.Promise<Job> =
    createObj [
        "operation",
        createObj [
            "kind", box "moveVersion"
            "to", box version
            match state with
            | Some state -> "states", createObj [ workflow.State, box state ]
            | None -> ()
        ]
        "filter",
        createObj [
            "workflowTypes", box [| workflow.WorkflowType |]
            "idFrom", box workflow.Id
            "idTo", box workflow.Id
        ]
    ]
    |> post "job" contract<Job> "/api/jobs"

let job (id: Id) : JS.Promise<Job> =
    get "job" contract<Job> $"/api/jobs/{id}"

let jobFailures (id: Id) : JS.Promise<JobFailurePage> =
    get "failures" contract<JobFailurePage> $"/api/jobs/{id}/failures"

let sendSignal (id: Id) (name: string) (key: string) (payload: obj) : JS.Promise<unit> =
    act id "signals" [
        "name", box name
        "payload", payload
        if key <> "" then
            "key", box key
    ]
