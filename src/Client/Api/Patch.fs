/// Applies what an event reports about a workflow to rows that were read before.
module GopherFlow.Client.Api.Patch

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

/// The last change received of each workflow.
type Known = Map<Id, WorkflowEvent>

/// At most this many changes are kept. Rows are fetched again soon after a change, so older ones are not needed.
let private most = 2000

/// Adds a change; None when this or a later change is already known.
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

/// Events do not contain why a workflow waits. The known reason stays while nothing else changes.
let private waitsFor (change: WorkflowEvent) (row: Workflow) =
    let asBefore =
        change.State = row.State
        && change.Status = row.Status
        && change.NextActivation = row.NextActivation

    if asBefore then row.WaitsFor else None

/// The row after a change; unchanged if the row is newer than the change.
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

let private isAmong (field: Field) (value: string) (filter: WorkflowFilter) =
    match values field filter with
    | [] -> true
    | several -> List.contains value several

/// Whether a workflow may match a filter after a change, as far as the event shows.
let mayMean (filter: WorkflowFilter) (change: WorkflowEvent) : bool =
    let parent =
        change.ParentWorkflowId |> Option.map string |> Option.defaultValue NoParent

    let isOver = Status.isOver (Status.ofWire change.Status)

    isAmong Field.Type change.WorkflowType filter
    && isAmong Field.Version change.Version filter
    && isAmong Field.State change.State filter
    && isAmong Field.Status (statusValue change.Status) filter
    && isAmong Field.Parent parent filter
    && (isOver || (values Field.Ended filter).IsEmpty)
    && not (isOver && not (values Field.Waits filter).IsEmpty)

/// Whether a change of a workflow that is not in the list may change the number of matches.
let mayCount (filter: WorkflowFilter) (change: WorkflowEvent) : bool =
    isAmong Field.Type change.WorkflowType filter
    && (change.PreviousState.IsNone
        || filter.Terms
           |> List.exists (fun term -> List.contains term.Field [ Field.State; Field.Status; Field.Version ]))

let rows (change: WorkflowEvent) (rows: Workflow list) : Workflow list = rows |> List.map (row change)

/// The upcoming workflows after a change, soonest first, without those that have nothing planned any more.
let upcoming (change: WorkflowEvent) (next: Workflow list) : Workflow list =
    rows change next
    |> List.filter (fun row -> row.NextActivation.IsSome && not (Workflow.isOver row))
    |> List.sortBy (fun row -> row.NextActivation |> Option.map Instant.milliseconds)

/// The answer to a request, with the changes that arrived while it was in flight.
let answer (known: Known) (found: Workflow) : Workflow =
    match known.TryFind found.Id with
    | Some change -> row change found
    | None -> found

/// How often each transition was taken, by source and target state.
type Traffic = Map<string * string, int>

/// Counts the transition; None when the workflow has not changed its state.
let traffic (change: WorkflowEvent) (taken: Traffic) : Traffic option =
    match change.PreviousState with
    | Some from when from <> change.State ->
        let step = from, change.State
        let before = taken.TryFind step |> Option.defaultValue 0
        Some(taken.Add(step, before + 1))
    | _ -> None
