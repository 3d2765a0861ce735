/// Compares the picture of random runs with a simple interpretation of their histories according to docs/inside/history.md.
module GopherFlow.Client.Tests.RunPictureTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Tests.Samples

let private graph = Graph.ofDefinition order

let private runs = [ for seed in 1..200 -> seed, Histories.random order seed ]

/// The content of the diagram of a run.
type private Content = {
    State: string
    Status: Status
    Visits: Map<string, int>
    Failures: Map<string, int>
    Uses: Map<string * string, int>
}

/// Whether the entry enters a state: by creation, by the state function, by a deadline, by a user, or by a move to a version with
/// other states.
let private entersState (entry: HistoryEntry) : bool =
    match entry.Kind with
    | "CREATED"
    | "TRANSITION"
    | "DEADLINE_PASSED"
    | "STATE_CHANGED"
    | "CONTINUED_ANEW"
    | "RUN_AGAIN" -> true
    | _ ->
        match entry.From with
        | Some from -> from <> entry.To
        | None -> false

/// Interprets the history from its beginning.
let private interpret (oldestFirst: HistoryEntry list) : Content =
    let last = List.last oldestFirst
    let names = order.States |> List.map _.Name

    let howOften (is: HistoryEntry -> bool) =
        oldestFirst |> List.filter is |> List.length

    {
        State = last.To
        Status = Status.ofWire last.Status
        Visits =
            Map [
                for name in names do
                    let count = howOften (fun entry -> entersState entry && entry.To = name)

                    if count > 0 then
                        name, count
            ]
        Failures =
            Map [
                for name in names do
                    let count =
                        howOften (fun entry -> entry.Kind = "ATTEMPT_FAILED" && entry.From = Some name)

                    if count > 0 then
                        name, count
            ]
        Uses =
            Map [
                for from in names do
                    for target in names do
                        let count =
                            howOften (fun entry -> entersState entry && entry.From = Some from && entry.To = target)

                        if count > 0 then
                            (from, target), count
            ]
    }

let private shown (picture: Picture) : Content =
    let current = picture.States |> List.filter (fun view -> view.Phase = Current)
    equal 1 current.Length

    let counted (count: StateView -> int) =
        picture.States
        |> List.filter (fun view -> count view > 0)
        |> List.map (fun view -> view.Name, count view)
        |> Map.ofList

    {
        State = current.Head.Name
        Status = current.Head.Status.Value
        Visits = counted _.Visits
        Failures = counted _.Retries
        Uses =
            picture.Transitions
            |> List.filter (fun view -> view.Times > 0)
            |> List.map (fun view -> (view.Transition.From, view.Transition.To), view.Times)
            |> Map.ofList
    }

/// Checks phases and transitions, which follow from the content.
let private phasesAgree (content: Content) (picture: Picture) : unit =
    let next =
        if Status.isOver content.Status then
            []
        else
            (order.States |> List.find (fun state -> state.Name = content.State)).GoesTo

    for view in picture.States do
        let expected =
            if view.Name = content.State then Current
            elif List.contains view.Name next then Next
            elif content.Visits.ContainsKey view.Name then Visited
            else Idle

        equal (view.Name, expected) (view.Name, view.Phase)

    for view in picture.Transitions do
        let from =
            order.States |> List.find (fun state -> state.Name = view.Transition.From)

        equal (List.contains view.Transition.To from.GoesTo) view.Declared

let private workflowOf (newestFirst: HistoryEntry list) : Workflow =
    let last = List.head newestFirst
    workflow order last.To (Status.ofWire last.Status)

let private check (seed: int) (newestFirst: HistoryEntry list) (picture: Picture) : unit =
    let content = interpret (List.rev newestFirst)

    if content <> shown picture then
        failwithf "run %i: expected %A, shown %A" seed content (shown picture)

    phasesAgree content picture

test "the random histories contain every kind of entry" (fun () ->
    let kinds = runs |> List.collect snd |> List.map _.Kind |> Set.ofList

    equal
        Set.empty
        (Set.difference
            (set [
                "CREATED"
                "TRANSITION"
                "ATTEMPT_FAILED"
                "REJECTED"
                "GIVEN_UP"
                "DEFERRED"
                "ARRIVED"
                "DEADLINE_PASSED"
                "TAKEN_OVER"
                "CHILD_WOKE"
                "SIGNALLED"
                "STATE_CHANGED"
                "VARIABLES_CHANGED"
                "PLACED"
                "VERSION_MOVED"
                "CANCELLED"
                "PAUSED"
                "RESUMED"
                "RETRIED"
                "RUN_AGAIN"
                "CONTINUED_ANEW"
            ])
            kinds))

test "the picture of a run agrees with its history" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        check seed entries (Pictures.Run.now graph run (DiagramHistory.actions run entries)))

test "the picture at every position agrees with the history up to it" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let actions = DiagramHistory.actions run entries

        for entry in entries do
            let until = entries |> List.filter (fun other -> other.Id <= entry.Id)
            check seed until (Pictures.Run.at graph run actions entry.Id))

/// The path that the server computes from a whole history.
let private pathOf (entries: HistoryEntry list) : WorkflowPath =
    let content = interpret (List.rev entries)

    {
        State = content.State
        Status = Status.wire content.Status
        States = [
            for state in order.States do
                let count (counts: Map<string, int>) =
                    counts.TryFind state.Name |> Option.defaultValue 0 |> float

                {
                    State = state.Name
                    Visits = count content.Visits
                    Attempts = 0.0
                    FailedAttempts = count content.Failures
                    Seconds = 0.0
                    RanSeconds = 0.0
                    FirstEntry = 0.0
                    LastEntered = None
                }
        ]
        Transitions = [
            for KeyValue((from, target), count) in content.Uses do
                {
                    From = from
                    To = target
                    ByHand = false
                    Count = float count
                    LastEntry = 0.0
                    Last = noon
                }
        ]
    }

test "the path from the server and the loaded entries make the picture of the whole history" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let path = pathOf entries

        for length in [ 1; 3; 10; entries.Length ] do
            let read = List.truncate length entries

            Pictures.Run.now graph run (DiagramHistory.actions run read)
            |> DiagramHistory.complete path read
            |> check seed entries)

test "the picture at a loaded position agrees with the history up to it" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let path = pathOf entries
        let read = List.truncate 10 entries

        for entry in read do
            let until = entries |> List.filter (fun other -> other.Id <= entry.Id)

            Pictures.Run.at graph run (DiagramHistory.actions run read) entry.Id
            |> DiagramHistory.complete path read
            |> check seed until)
