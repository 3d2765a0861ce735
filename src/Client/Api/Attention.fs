/// Which workflows need a person, by what is to be done about them.
module GopherFlow.Client.Api.Attention

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types

/// Workflows of a type that stand in the same state with the same status.
type Kind = {
    Status: Status
    Type: string
    State: string
}

type Group = {
    Kind: Kind
    Count: Count
    Newest: Workflow option
    /// None unless the whole group is known, or the oldest was searched for.
    Oldest: Workflow option
    /// Since when the one of the known workflows that has waited longest is in this state.
    Since: Instant option
}

/// Statuses in which nothing continues without a person, the most urgent first.
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

/// The kinds that need a person and how many there are of each; the most urgent first, then the largest.
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

/// What is known of each kind from the rows that were read.
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

/// In a larger group the oldest is not searched for: that would cost the database too much.
let private mostCounted = 5000.0

/// A search for one workflow of a kind, `Offset` places after the newest.
type Look = { Of: Kind; Offset: int }

/// The most kinds that are searched one by one.
let private mostKinds = 8

/// The searches that are needed when the rows are not all that need a person.
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
    /// No executor that is alive serves its group.
    | OfGroup of group: string
    | OfDefinition of version: string
    /// All that could run it are busy.
    | OfSlots of group: string

type Stuck = {
    Type: string
    Want: Want
    /// Whether it is a deadline that has passed.
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

/// The groups that executors which are alive serve.
let servedBy (executors: Executor list) : Set<string> =
    executors |> List.filter _.Alive |> List.collect _.Groups |> Set.ofList

/// Workflows that have been due for long, by type and by what they lack; the largest group first.
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

/// Workflows of a type whose step in a state runs far longer than usual.
type Slow = {
    Type: string
    State: string
    UsualSeconds: float
    /// The one that has run longest first.
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
