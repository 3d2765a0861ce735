/// Converts the history for the diagram. When only a part of it is loaded, the counts come from the workflow's path.
module GopherFlow.Client.Pages.Workflow.DiagramHistory

open GopherFlow.Contract
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Graph
open GopherFlow.Client.Diagram.Picture

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

/// Newest first.
let actions (workflow: Workflow) (entries: HistoryEntry list) : Action list =
    entries |> List.map (ofEntry workflow.Id)

/// The version of a workflow at a position, if the entries show it. They come newest first.
let versionAt (position: Id) (entries: HistoryEntry list) : string option =
    let moves = entries |> List.filter (fun entry -> entry.Kind = "VERSION_MOVED")

    let after =
        moves
        |> List.tryFindBack (fun entry -> entry.Id > position)
        |> Option.bind (fun entry -> (Describe.details entry).FromVersion)

    let before () =
        moves
        |> List.tryFind (fun entry -> entry.Id <= position)
        |> Option.bind (fun entry -> (Describe.details entry).ToVersion)

    after |> Option.orElseWith before

/// Adds the counts of the part that is not loaded to the picture.
let complete (path: WorkflowPath) (entries: HistoryEntry list) (picture: Picture) : Picture =
    let made =
        entries
        |> List.choose (fun entry ->
            if Stays.begins entry then
                entry.From |> Option.map (fun from -> from, entry.To)
            else
                None)
        |> List.countBy id
        |> Map.ofList

    let come = entries |> List.filter Stays.begins |> List.countBy _.To |> Map.ofList

    let failed =
        entries
        |> List.filter (fun entry -> entry.Kind = "ATTEMPT_FAILED")
        |> List.countBy (fun entry -> Option.defaultValue entry.To entry.From)
        |> Map.ofList

    let unread (all: Count) (read: int option) =
        max 0 (int all - Option.defaultValue 0 read)

    let ofState (view: StateView) =
        match path.States |> List.tryFind (fun state -> state.State = view.Name) with
        | None -> view
        | Some state ->
            let visits = view.Visits + unread state.Visits (come.TryFind view.Name)

            {
                view with
                    Visits = visits
                    Retries = view.Retries + unread state.FailedAttempts (failed.TryFind view.Name)
                    Phase =
                        if view.Phase = Idle && visits > 0 then
                            Visited
                        else
                            view.Phase
            }

    let ofTransition (view: TransitionView) =
        let way = view.Transition.From, view.Transition.To

        let all =
            path.Transitions
            |> List.filter (fun uses -> (uses.From, uses.To) = way)
            |> List.sumBy _.Count

        {
            view with
                Times = view.Times + unread all (made.TryFind way)
        }

    let drawn =
        picture.Transitions
        |> List.map (fun view -> view.Transition.From, view.Transition.To)
        |> Set.ofList

    // Undeclared transitions in the part that is not loaded: moves by hand.
    let undeclared =
        path.Transitions
        |> List.map (fun uses -> uses.From, uses.To)
        |> List.distinct
        |> List.filter (drawn.Contains >> not)
        |> List.map (Pictures.Run.undeclared 0 >> ofTransition)

    {
        picture with
            States = List.map ofState picture.States
            Transitions = List.map ofTransition picture.Transitions @ undeclared
    }

/// Drops the counts, which are not known far back in a history.
let uncounted (picture: Picture) : Picture = {
    picture with
        States =
            picture.States
            |> List.map (fun view -> {
                view with
                    Visits = min 1 view.Visits
                    Retries = 0
            })
        Transitions =
            picture.Transitions
            |> List.map (fun view -> { view with Times = min 1 view.Times })
}
