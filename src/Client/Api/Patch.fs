/// Puts what an event says of a workflow into the rows that were read before.
module GopherFlow.Client.Api.Patch

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

/// The last change of each workflow that was heard of.
type Known = Map<Id, WorkflowEvent>

/// As many as are worth keeping; a row is read again soon after its change.
let private most = 2000

/// None when a later change is known already.
let learn (change: WorkflowEvent) (known: Known) : Known option =
    match known.TryFind change.Id with
    | Some before when before.Revision >= change.Revision -> None
    | _ when known.Count >= most -> Some(Map [ change.Id, change ])
    | _ -> Some(known.Add(change.Id, change))

let private ended (change: WorkflowEvent) (row: Workflow) =
    if Status.isOver (Status.ofWire change.Status) then
        row.Finished |> Option.orElse (Some change.Modified)
    else
        None

/// Why it waits is not told; it is known only as long as nothing else has changed.
let private waitsFor (change: WorkflowEvent) (row: Workflow) =
    let asBefore =
        change.State = row.State
        && change.Status = row.Status
        && change.NextActivation = row.NextActivation

    if asBefore then row.WaitsFor else None

/// The row after a change; the same when it was read later than that.
let row (change: WorkflowEvent) (row: Workflow) : Workflow =
    if
        change.Id <> row.Id
        || Instant.milliseconds change.Modified < Instant.milliseconds row.Modified
    then
        row
    else
        {
            row with
                Version = change.Version
                Status = change.Status
                State = change.State
                ExecutionCount = change.ExecutionCount
                RetryCount = change.RetryCount
                OpenChildren = change.OpenChildren
                ExecutorId = change.ExecutorId
                Modified = change.Modified
                NextActivation = change.NextActivation
                Finished = ended change row
                WaitsFor = waitsFor change row
        }

let private belongs (filter: WorkflowFilter) (row: Workflow) =
    (filter.Status |> Option.forall ((=) (Workflow.status row)))
    && (filter.State = "" || filter.State = row.State)

let rows (change: WorkflowEvent) (rows: Workflow list) : Workflow list = rows |> List.map (row change)

/// What comes next, soonest first, without what runs or rests now.
let upcoming (change: WorkflowEvent) (next: Workflow list) : Workflow list =
    rows change next
    |> List.filter (fun row -> row.NextActivation.IsSome && not (Workflow.isOver row))
    |> List.sortBy (fun row -> row.NextActivation |> Option.map Instant.milliseconds)

/// What the filter does not mean any more is not shown any more.
let page (filter: WorkflowFilter) (change: WorkflowEvent) (page: WorkflowPage) : WorkflowPage = {
    page with
        Workflows =
            page.Workflows
            |> List.map (row change)
            |> List.filter (fun row -> row.Id <> change.Id || belongs filter row)
}

/// An answer with the changes that were heard of while it was on its way.
let answer (known: Known) (found: Workflow) : Workflow =
    match known.TryFind found.Id with
    | Some change -> row change found
    | None -> found

/// Whether a list has to be read again after a change.
let concerns (filter: WorkflowFilter) (page: WorkflowPage option) (change: WorkflowEvent) (isNew: bool) : bool =
    let moves = filter.Status.IsSome || filter.State <> ""
    let mayBeOfType = filter.Type = "" || filter.Type = change.WorkflowType

    mayBeOfType
    && (moves
        || (isNew && filter.Cursor.IsNone)
        || match page with
           | Some page -> page.Workflows |> List.exists (fun row -> row.Id = change.Id)
           | None -> true)

/// How often each transition was taken, by where it leads from and to.
type Traffic = Map<string * string, int>

/// None when the workflow has not gone to another state.
let traffic (change: WorkflowEvent) (taken: Traffic) : Traffic option =
    match change.PreviousState with
    | Some from when from <> change.State ->
        let step = from, change.State
        let before = taken.TryFind step |> Option.defaultValue 0
        Some(taken.Add(step, before + 1))
    | _ -> None
