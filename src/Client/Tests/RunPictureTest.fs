/// The picture of random runs beside a plain reading of their histories, as docs/inside/history.md tells what entries mean.
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

/// What a diagram shows of a run, not how it is drawn.
type private Told = {
    State: string
    Status: Status
    Visits: Map<string, int>
    Failures: Map<string, int>
    Uses: Map<string * string, int>
}

/// It came to a state anew: created there, sent there by its own function or for want of time, by a person, by a move to
/// another version that has other states.
let private isCome (entry: HistoryEntry) : bool =
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

/// Read from the beginning for each number that is asked for.
let private reading (oldestFirst: HistoryEntry list) : Told =
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
                    let count = howOften (fun entry -> isCome entry && entry.To = name)

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
                            howOften (fun entry -> isCome entry && entry.From = Some from && entry.To = target)

                        if count > 0 then
                            (from, target), count
            ]
    }

let private shown (picture: Picture) : Told =
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

/// What may come next, what was visited, which lines are dotted: it follows from what is told.
let private phasesAgree (told: Told) (picture: Picture) : unit =
    let next =
        if Status.isOver told.Status then
            []
        else
            (order.States |> List.find (fun state -> state.Name = told.State)).GoesTo

    for view in picture.States do
        let expected =
            if view.Name = told.State then Current
            elif List.contains view.Name next then Next
            elif told.Visits.ContainsKey view.Name then Visited
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
    let told = reading (List.rev newestFirst)

    if told <> shown picture then
        failwithf "run %i: expected %A, shown %A" seed told (shown picture)

    phasesAgree told picture

test "a run of each kind of entry is among the random ones" (fun () ->
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

test "the picture of a run as it stands is what its history says" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        check seed entries (Pictures.Run.now graph run (DiagramHistory.actions run entries)))

test "the picture at every position is what the history up to there says" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let actions = DiagramHistory.actions run entries

        for entry in entries do
            let until = entries |> List.filter (fun other -> other.Id <= entry.Id)
            check seed until (Pictures.Run.at graph run actions entry.Id))

/// What the server adds up over a whole history.
let private pathOf (entries: HistoryEntry list) : WorkflowPath =
    let told = reading (List.rev entries)

    {
        State = told.State
        Status = Status.wire told.Status
        States = [
            for state in order.States do
                let count (counts: Map<string, int>) =
                    counts.TryFind state.Name |> Option.defaultValue 0 |> float

                {
                    State = state.Name
                    Visits = count told.Visits
                    Attempts = 0.0
                    FailedAttempts = count told.Failures
                    Seconds = 0.0
                    RanSeconds = 0.0
                    FirstEntry = 0.0
                    LastEntered = None
                }
        ]
        Transitions = [
            for KeyValue((from, target), count) in told.Uses do
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

test "what the server added up and the entries that were read make the picture of the whole history" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let path = pathOf entries

        for length in [ 1; 3; 10; entries.Length ] do
            let read = List.truncate length entries

            Pictures.Run.now graph run (DiagramHistory.actions run read)
            |> DiagramHistory.complete path read
            |> check seed entries)

test "at a position among the entries that were read it is the picture up to there" (fun () ->
    for seed, entries in runs do
        let run = workflowOf entries
        let path = pathOf entries
        let read = List.truncate 10 entries

        for entry in read do
            let until = entries |> List.filter (fun other -> other.Id <= entry.Id)

            Pictures.Run.at graph run (DiagramHistory.actions run read) entry.Id
            |> DiagramHistory.complete path read
            |> check seed until)
