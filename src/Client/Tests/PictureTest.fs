module GopherFlow.Client.Tests.PictureTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Picture
open GopherFlow.Client.Tests.Samples

let private graph = Graph.ofDefinition order

let private run state status history =
    Pictures.Run.now graph (workflow order state status) history

let private view name (picture: Picture) =
    picture.States |> List.find (fun view -> view.Name = name)

let private times id (picture: Picture) =
    picture.Transitions
    |> List.find (fun view -> Graph.Transition.id view.Transition = id)
    |> _.Times

test "each state has its phase" (fun () ->
    let picture =
        run "AskPerson" Waiting (walk [ "Receive"; "CheckCredit"; "AskPerson" ])

    equal Visited (view "Receive" picture).Phase
    equal Current (view "AskPerson" picture).Phase
    equal Next (view "Reserve" picture).Phase
    equal Next (view "Rejected" picture).Phase
    equal Idle (view "Ship" picture).Phase)

test "a visited state that may come next is shown as next, with its visits" (fun () ->
    let picture =
        run "AskPerson" Waiting (walk [ "Receive"; "CheckCredit"; "AskPerson" ])

    equal Next (view "CheckCredit" picture).Phase
    equal 1 (view "CheckCredit" picture).Visits)

test "visits are counted, including the first visit of the initial state" (fun () ->
    let picture =
        run "AskPerson" Waiting (walk [ "Receive"; "CheckCredit"; "Reserve"; "CheckCredit"; "AskPerson" ])

    equal 1 (view "Receive" picture).Visits
    equal 2 (view "CheckCredit" picture).Visits
    equal 0 (view "Ship" picture).Visits)

test "a loop counts as a visit and as its own transition" (fun () ->
    let picture =
        run "Reserve" Executing (walk [ "Receive"; "CheckCredit"; "Reserve"; "Reserve"; "Reserve" ])

    equal 3 (view "Reserve" picture).Visits
    equal 2 (times "Reserve->Reserve" picture)
    equal 1 (times "CheckCredit->Reserve" picture)
    equal 0 (times "Reserve->Ship" picture))

test "only the current state has the status" (fun () ->
    let picture = run "Reserve" Executing (walk [ "Receive"; "CheckCredit"; "Reserve" ])
    equal (Some Executing) (view "Reserve" picture).Status
    equal None (view "CheckCredit" picture).Status)

test "a new workflow is in the initial state and has no visits" (fun () ->
    let picture =
        Pictures.Run.now
            graph
            {
                workflow order "" New with
                    Started = None
            }
            []

    equal Current (view "Receive" picture).Phase
    equal 0 (view "Receive" picture).Visits
    equal Next (view "CheckCredit" picture).Phase)

test "a run that has ended has no next states" (fun () ->
    for status in [ Finished; Failed; Errored; Cancelled ] do
        let picture = run "CheckCredit" status (walk [ "Receive"; "CheckCredit" ])
        equal Idle (view "Reserve" picture).Phase
        isTrue "no transition is possible" (picture.Transitions |> List.forall (fun view -> not view.Possible)))

test "failed attempts are counted for the state in which they failed" (fun () ->
    let failed = {
        action 9 "ERROR" "CheckCredit" "no" with
            Kind = "ATTEMPT_FAILED"
            From = Some "CheckCredit"
    }

    let picture =
        run "CheckCredit" InProgress (failed :: walk [ "Receive"; "CheckCredit" ])

    equal 1 (view "CheckCredit" picture).Retries
    equal 0 (view "Receive" picture).Retries)

let private byHand id from target = {
    action id "LOG" target "State set by ann" with
        Kind = "STATE_CHANGED"
        From = Some from
        To = target
}

test "a move by hand without a transition is drawn, and its target counts as visited" (fun () ->
    let picture = run "Done" Finished (byHand 9 "Receive" "Done" :: walk [ "Receive" ])
    equal 1 (view "Done" picture).Visits

    let move = picture.Transitions |> List.find (fun view -> not view.Declared)
    equal ("Receive", "Done", 1) (move.Transition.From, move.Transition.To, move.Times))

test "an entry with several lines counts once" (fun () ->
    let line = (walk [ "Receive"; "CheckCredit" ]).Head

    let picture =
        run
            "CheckCredit"
            InProgress
            ({
                line with
                    Type = "LOG"
                    Text = "asked"
             }
             :: walk [ "Receive"; "CheckCredit" ])

    equal 1 (times "Receive->CheckCredit" picture))

test "the picture at a position shows the history up to it" (fun () ->
    let history = walk [ "Receive"; "CheckCredit"; "Reserve"; "Ship"; "Done" ]
    let picture = Pictures.Run.at graph (workflow order "Done" Finished) history 2.0
    equal Current (view "Reserve" picture).Phase
    equal Idle (view "Done" picture).Phase
    equal 0 (times "Reserve->Ship" picture)
    equal 1 (times "CheckCredit->Reserve" picture)
    equal (Some InProgress) (view "Reserve" picture).Status)

test "no state is current at a position before the known history" (fun () ->
    let known =
        walk [ "Receive"; "CheckCredit"; "Reserve" ]
        |> List.filter (fun action -> action.Id > 1.0)

    let picture = Pictures.Run.at graph (workflow order "Reserve" Executing) known 1.0
    equal OfRun picture.Mode

    isTrue
        "all are idle"
        (picture.States
         |> List.forall (fun view -> view.Phase = Idle && view.Status.IsNone)))

let private waitOf (waits: string option) =
    Wait.ofWorkflow {
        workflow order "Reserve" InProgress with
            WaitsFor = waits
            OpenChildren = 2
            NextActivation = Some(Instant.add 90000.0 noon)
    }
    |> Option.map (Wait.text noon)

test "the reason for waiting is described in words" (fun () ->
    equal (Some "waits, runs in 1 min") (waitOf (Some "activation"))
    equal (Some "waits for 2 children") (waitOf (Some "children"))
    equal (Some "waits for a person") (waitOf (Some "person"))
    equal (Some "attempt 1 in 1 min") (waitOf (Some "retry"))
    equal (Some "paused") (waitOf (Some "resume"))
    equal (Some "waits for an executor") (waitOf (Some "executor"))
    equal None (waitOf None))

test "a state shows its own retry policy and timeout" (fun () ->
    let strict = {
        state "A" Start [] with
            Retry = Some retry
            TimeoutSeconds = Some 90.0
    }

    equal [ "3 retries, 1 s to 5 s"; "timeout 1 min 30 s" ] (Rules.ofState strict)
    equal [] (Rules.ofState (state "A" Start []))

    equal
        [ "undone by Refund" ]
        (Rules.ofState {
            state "A" Start [] with
                CompensatedBy = Some "Refund"
        })

    equal "no retry" (Rules.retry { retry with MaxRetries = 0 })

    equal
        "1 retry, 1 s"
        (Rules.retry {
            retry with
                MaxRetries = 1
                MaxSeconds = 1.0
        }))

test "the number of attempts comes from the state's retry policy, else the definition's" (fun () ->
    let strict = {
        order with
            States =
                order.States
                |> List.map (fun state ->
                    if state.Name = "Reserve" then
                        {
                            state with
                                Retry = Some { retry with MaxRetries = 9 }
                        }
                    else
                        state)
    }

    let waiting state = {
        workflow strict state InProgress with
            WaitsFor = Some "retry"
            RetryCount = 2
            NextActivation = Some(Instant.add 120000.0 noon)
    }

    let wait state =
        (view state (Pictures.Run.now (Graph.ofDefinition strict) (waiting state) [])).Wait
        |> Option.map (Wait.text noon)

    equal (Some "attempt 3 of 10 in 2 min") (wait "Reserve")
    equal (Some "attempt 3 of 4 in 2 min") (wait "Ship"))

test "children are shown on the current state" (fun () ->
    let children = [
        workflow order "Done" Finished
        workflow order "Ship" Waiting
        workflow order "Done" Finished
    ]

    let picture =
        run "Reserve" Waiting (walk [ "Receive"; "CheckCredit"; "Reserve" ])
        |> Pictures.Run.withChildren children

    equal [ Finished, 2.0; Waiting, 1.0 ] (view "Reserve" picture).Children
    equal [] (view "Receive" picture).Children

    let ended =
        run "Done" Finished (walk [ "Receive"; "Done" ])
        |> Pictures.Run.withChildren children

    equal [] (view "Done" ended).Children)

let private count version state status count : WorkflowCount = {
    WorkflowType = "OrderApproval"
    Version = version
    State = state
    Status = Status.wire status
    Count = count
}

test "counts are shown on their states, only for this version" (fun () ->
    let picture =
        Pictures.Counts.picture graph [
            count "1" "AskPerson" Failed 3.0
            count "1" "AskPerson" Waiting 12.0
            count "2" "AskPerson" Waiting 100.0
            {
                count "1" "AskPerson" Waiting 5.0 with
                    WorkflowType = "Other"
            }
            count "1" "Ship" Executing 0.0
        ]

    equal OfCounts picture.Mode
    equal [ Waiting, 12.0; Failed, 3.0 ] (view "AskPerson" picture).Tally
    equal [] (view "Ship" picture).Tally)

test "counts are grouped, failures first" (fun () ->
    let tally: Tally.Tally = [
        New, 1.0
        Executing, 2.0
        Waiting, 4.0
        Paused, 1.0
        Finished, 8.0
        Failed, 3.0
        Errored, 1.0
    ]

    equal [ Tally.Failing, 4.0; Tally.Resting, 5.0; Tally.Running, 3.0; Tally.Ended, 8.0 ] (Tally.groups tally)

    equal "1 new, 2 executing" (Tally.text (List.take 2 tally)))

test "large counts are abbreviated" (fun () ->
    equal [ "950"; "1k"; "1.2k"; "999k"; "3.4M" ] (List.map Tally.short [ 950.0; 1000.0; 1250.0; 999900.0; 3400000.0 ]))

test "the more often a transition is taken, the thicker it is drawn" (fun () ->
    let picture =
        Pictures.Counts.picture graph []
        |> Pictures.Counts.withTraffic (Map [ ("Receive", "CheckCredit"), 8; ("CheckCredit", "Reserve"), 2 ])

    let traffic id =
        picture.Transitions
        |> List.find (fun view -> Graph.Transition.id view.Transition = id)
        |> _.Traffic

    equal 1.0 (traffic "Receive->CheckCredit")
    equal 0.25 (traffic "CheckCredit->Reserve")
    equal 0.0 (traffic "Ship->Done"))

let private newer =
    let states =
        order.States
        |> List.filter (fun state -> state.Name <> "Rejected")
        |> List.map (fun state ->
            match state.Name with
            | "CheckCredit" -> {
                state with
                    GoesTo = [ "AskPerson"; "Reserve"; "Fraud" ]
                    TimeoutSeconds = Some 30.0
              }
            | "AskPerson" -> {
                state with
                    GoesTo = [ "Reserve"; "CheckCredit" ]
              }
            | _ -> state)

    {
        order with
            Version = "2"
            States = states @ [ GopherFlow.Client.Tests.Samples.state "Fraud" StateType.Error [] ]
    }

let private comparison = Pictures.Comparison.picture order newer

test "a comparison shows what was added, removed and changed" (fun () ->
    equal (Some Changes.Added) (view "Fraud" comparison).Change
    equal (Some Changes.Removed) (view "Rejected" comparison).Change
    equal None (view "Ship" comparison).Change

    equal
        (Some "changed: was the server's timeout, now timeout 30 s")
        ((view "CheckCredit" comparison).Change |> Option.map Changes.Change.text)

    let change id =
        comparison.Transitions
        |> List.find (fun view -> Graph.Transition.id view.Transition = id)
        |> _.Change

    equal (Some Changes.Added) (change "CheckCredit->Fraud")
    equal (Some Changes.Removed) (change "CheckCredit->Rejected")
    equal (Some Changes.Removed) (change "AskPerson->Rejected")
    equal None (change "Receive->CheckCredit"))

test "another initial state is a change of both states" (fun () ->
    let moved = { order with InitialState = "Reserve" }
    let states = Changes.ofStates order moved

    equal (Some(Changes.Changed [ "new workflows no longer start here" ])) (states.TryFind "Receive")
    equal (Some(Changes.Changed [ "new workflows start here" ])) (states.TryFind "Reserve"))

test "a version compared with itself has no changes" (fun () ->
    let same = Pictures.Comparison.picture order order
    isTrue "states" (same.States |> List.forall (fun view -> view.Change.IsNone))
    isTrue "transitions" (same.Transitions |> List.forall (fun view -> view.Change.IsNone)))

test "a draft has the same picture, marked as stale" (fun () ->
    let picture = Pictures.Definition.picture graph
    equal { picture with Stale = true } (Pictures.Draft.stale picture))

let private trip =
    definition "Trip" [
        {
            state "Book" Start [ "Done"; "Cancelled" ] with
                CompensatedBy = Some "Refund"
        }
        state "Refund" Normal []
        state "Done" End []
        state "Cancelled" StateType.Error []
    ]

test "a compensating state is drawn beside its state, but is not a next state" (fun () ->
    let graph = Graph.ofDefinition trip
    let picture = Pictures.Run.now graph (workflow trip "Book" Executing) []

    let edge id =
        picture.Transitions
        |> List.find (fun view -> Graph.Transition.id view.Transition = id)

    isTrue "undoes" (edge "Book->Refund").Transition.Undoes
    isTrue "is not next" (not (edge "Book->Refund").Possible)
    isTrue "may be next" (edge "Book->Done").Possible
    isTrue "is a transition" (not (edge "Book->Done").Transition.Undoes)

    isTrue
        "is described in words"
        (Summary.ofPicture noon graph (Pictures.Definition.picture graph)
         |> List.exists (fun line -> line.Contains "undone by Refund; goes to Done, Cancelled.")))
