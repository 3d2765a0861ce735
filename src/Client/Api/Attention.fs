/// Workflows that need a person, grouped by what can be done about them.
module GopherFlow.Client.Api.Attention

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

/// Workflows of one type that are in the same state with the same status.
type Kind = {
    Status: Status
    Type: string
    State: string
}

type Group = {
    Kind: Kind
    Count: Count
    Newest: Workflow option
    /// The oldest row that was read. A very large group may have older ones.
    Oldest: Workflow option
    /// Since when the longest-waiting row that was read is in this state.
    Since: Instant option
}

/// Statuses that only a person can change, the most urgent first.
let statuses = [ Failed; Errored; Waiting ]

let isNeeding (wire: string) =
    List.contains (Status.ofWire wire) statuses

let kindOf (workflow: Workflow) : Kind = {
    Status = Workflow.status workflow
    Type = workflow.WorkflowType
    State = workflow.State
}

let private since (workflow: Workflow) : Instant =
    workflow.Finished |> Option.defaultValue workflow.Modified

let private earliest (rows: Workflow list) : Instant option =
    match rows |> List.map (since >> Instant.milliseconds) with
    | [] -> None
    | all -> Some(Instant(List.min all))

let private urgency (kind: Kind) =
    statuses |> List.findIndex ((=) kind.Status)

/// The kinds that need a person, with their counts: by urgency, then the largest first.
let kinds (counts: WorkflowCount list) : (Kind * Count) list =
    counts
    |> List.filter (fun count -> isNeeding count.Status && count.Count > 0.0)
    |> List.groupBy (fun count -> {
        Status = Status.ofWire count.Status
        Type = count.WorkflowType
        State = count.State
    })
    |> List.map (fun (kind, counts) -> kind, counts |> List.sumBy _.Count)
    |> List.sortBy (fun (kind, count) -> urgency kind, -count, kind.Type, kind.State)

/// One group for each kind, with what the rows that were read say about it.
let groups (counts: WorkflowCount list) (rows: Workflow list) : Group list =
    let known = rows |> List.groupBy kindOf |> Map.ofList

    kinds counts
    |> List.map (fun (kind, count) ->
        let rows =
            known.TryFind kind |> Option.defaultValue [] |> List.sortByDescending _.Id

        {
            Kind = kind
            Count = count
            Newest = List.tryHead rows
            Oldest = List.tryLast rows
            Since = earliest rows
        })

/// The oldest of a larger group is not searched for, because a large offset is expensive in the database.
let private mostCounted = 5000.0

/// A search for one workflow of a kind, `Offset` places after the newest.
type Look = { Of: Kind; Offset: int }

/// Only the first kinds get searches of their own.
let private mostKinds = 8

/// The searches for kinds of which the rows that were read do not show all.
let looks (counts: WorkflowCount list) (rows: Workflow list) : Look list =
    let found = rows |> List.countBy kindOf |> Map.ofList

    kinds counts
    |> List.map (fun (kind, count) -> kind, count, found.TryFind kind |> Option.defaultValue 0)
    |> List.filter (fun (_, count, found) -> float found < count)
    |> List.truncate mostKinds
    |> List.collect (fun (kind, count, found) -> [
        if found = 0 then
            { Of = kind; Offset = 0 }
        if count > 1.0 && count <= mostCounted then
            { Of = kind; Offset = int count - 1 }
    ])

/// Why a workflow that is due does not run.
type Want =
    /// No live executor serves its group.
    | OfGroup of group: string
    | OfDefinition of version: string
    /// All executors of its group may be busy.
    | OfSlots of group: string

type Stuck = {
    Type: string
    Want: Want
    /// Whether the workflows are past a deadline.
    IsPastDeadline: bool
    /// Oldest first.
    Workflows: Workflow list
}

let private want (served: Set<string>) (workflow: Workflow) : Want =
    match Workflow.waitsFor workflow with
    | Some Definition -> OfDefinition workflow.Version
    | _ when served.Contains workflow.ExecutorGroup -> OfSlots workflow.ExecutorGroup
    | _ -> OfGroup workflow.ExecutorGroup

let private dueAt (workflow: Workflow) =
    workflow.NextActivation
    |> Option.map Instant.milliseconds
    |> Option.defaultValue 0.0

/// The groups that live executors serve.
let servedBy (executors: Executor list) : Set<string> =
    executors |> List.filter _.Alive |> List.collect _.Groups |> Set.ofList

/// Workflows that are overdue, grouped by type and by what they need in order to run; the largest group first.
let stuck (executors: Executor list) (rows: Workflow list) : Stuck list =
    rows
    |> List.groupBy (fun row -> row.WorkflowType, want (servedBy executors) row, row.DeadlineState.IsSome)
    |> List.map (fun ((kind, want, isPastDeadline), rows) -> {
        Type = kind
        Want = want
        IsPastDeadline = isPastDeadline
        Workflows = rows |> List.sortBy dueAt
    })
    |> List.sortBy (fun stuck -> -stuck.Workflows.Length, stuck.Type)

/// Workflows of one type whose step in one state runs far longer than usual.
type Slow = {
    Type: string
    State: string
    UsualSeconds: float
    /// The longest-running first.
    Runs: LongRun list
}

let slow (runs: LongRun list) : Slow list =
    runs
    |> List.groupBy (fun run -> run.Workflow.WorkflowType, run.Workflow.State)
    |> List.map (fun ((kind, state), runs) -> {
        Type = kind
        State = state
        UsualSeconds = runs.Head.UsualSeconds
        Runs = runs |> List.sortBy (fun run -> Instant.milliseconds run.Since)
    })
    |> List.sortBy (fun slow -> -slow.Runs.Length, slow.Type, slow.State)
