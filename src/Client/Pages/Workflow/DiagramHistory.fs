/// The history as the diagram takes it. What has not been read yet is made up for from the way of the workflow, so that the counts
/// on the diagram are those of the whole.
module GopherFlow.Client.Pages.Workflow.DiagramHistory

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.HeldHistory

let private ofEntry (id: Id) (entry: HistoryEntry) : Action = {
    Id = entry.Id
    WorkflowId = id
    ExecutorId = entry.ExecutorId
    ExecutionCount = entry.ExecutionCount
    RetryCount = entry.RetryCount
    Type = entry.Kind
    Name = entry.To
    Text = ""
    DateTime = entry.At
    Kind = entry.Kind
    From = entry.From
    To = entry.To
    Status = entry.Status
    Actor = entry.Actor
    Due = entry.Due
    DurationSeconds = entry.DurationSeconds
    Cause = entry.Cause
    Error = entry.Error
}

let private blank (workflow: Workflow) : Action = {
    Id = 0.0
    WorkflowId = workflow.Id
    ExecutorId = None
    ExecutionCount = 0
    RetryCount = 0
    Type = ""
    Name = ""
    Text = ""
    DateTime = workflow.Created
    Kind = ""
    From = None
    To = ""
    Status = "IN_PROGRESS"
    Actor = None
    Due = None
    DurationSeconds = None
    Cause = None
    Error = None
}

/// Entries that stand for those which were not read, in no order that means anything.
let private unread (workflow: Workflow) (path: WorkflowPath) (entries: HistoryEntry list) : Action list =
    let made =
        entries
        |> List.choose (fun entry -> entry.From |> Option.map (fun from -> from, entry.To))
        |> List.countBy id
        |> Map.ofList

    let failed =
        entries
        |> List.filter Stays.isFailure
        |> List.countBy (fun entry -> Option.defaultValue entry.To entry.From)
        |> Map.ofList

    let missing (all: Count) (known: int option) =
        max 0 (int all - Option.defaultValue 0 known)

    let blank = blank workflow

    // It came to a state without a transition when it was created there.
    let created (state: StateVisits) =
        let entered =
            path.Transitions
            |> List.filter (fun uses -> uses.To = state.State)
            |> List.sumBy _.Count

        let isRead =
            entries
            |> List.exists (fun entry -> entry.Kind = "CREATED" && entry.To = state.State)

        state.Visits > entered && not isRead

    [
        for uses in path.Transitions do
            for _ in 1 .. missing uses.Count (made.TryFind(uses.From, uses.To)) do
                {
                    blank with
                        Kind = if uses.ByHand then "STATE_CHANGED" else "TRANSITION"
                        From = Some uses.From
                        To = uses.To
                }
        for state in path.States do
            if created state then
                {
                    blank with
                        Kind = "CREATED"
                        To = state.State
                }

            for _ in 1 .. missing state.FailedAttempts (failed.TryFind state.State) do
                {
                    blank with
                        Kind = "ATTEMPT_FAILED"
                        From = Some state.State
                        To = state.State
                }
    ]
    |> List.mapi (fun index action -> { action with Id = float (-1 - index) })

/// Newest first.
let actions (workflow: Workflow) (path: WorkflowPath option) (held: Held) : Action list =
    let read = held.Entries |> List.map (ofEntry workflow.Id)

    match held.Older, path with
    | Some _, Some path -> read @ unread workflow path held.Entries
    | _ -> read
