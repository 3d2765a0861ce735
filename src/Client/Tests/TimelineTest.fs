module GopherFlow.Client.Tests.TimelineTest

open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Pages.Workflow.Stays
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples

let private history (entries: HistoryEntry list) = List.rev entries

let private states (stays: Stay list) = stays |> List.map _.State

test "a stay lasts from the entry that enters the state to the one that leaves it" (fun () ->
    let stays =
        history [ created 1 "A"; passed 2 "A" "B"; passed 3 "B" "C" ] |> ofHistory

    equal [ "A"; "B"; "C" ] (states stays)
    equal [ Passed; Passed; Stands InProgress ] (stays |> List.map _.Outcome)
    equal [ 1.0; 1.0 ] (stays |> List.truncate 2 |> List.map (seconds noon)))

test "attempts and running time are counted in their stay" (fun () ->
    let stays =
        history [ created 1 "A"; failed 2 "A"; failed 3 "A"; passed 4 "A" "B" ]
        |> ofHistory

    let first = stays.Head
    equal 3 first.Attempts
    equal 2 first.Failures
    equal Retried first.Outcome
    equal 1.5 first.RanSeconds
    equal 1.5 (idleSeconds noon first)
    equal [ 1.0; 2.0; 3.0 ] (first.Entries |> List.map _.Id)
    equal 0 stays[1].Attempts)

test "each round of a loop is a stay" (fun () ->
    let stays =
        history [ created 1 "Poll"; passed 2 "Poll" "Poll"; passed 3 "Poll" "Poll" ]
        |> ofHistory

    equal [ "Poll"; "Poll"; "Poll" ] (states stays))

test "a move by hand ends a stay, and so does running again in the same state" (fun () ->
    let stays =
        history [
            created 1 "A"
            happened 2 "STATE_CHANGED" (Some "A") "C"
            happened 3 "RUN_AGAIN" (Some "C") "C"
        ]
        |> ofHistory

    equal [ "A"; "C"; "C" ] (states stays)
    equal [ ByHand; ByHand ] (stays |> List.truncate 2 |> List.map _.Outcome))

test "a move to another version begins a new stay only if the state changes" (fun () ->
    let moved target =
        history [ created 1 "A"; happened 2 "VERSION_MOVED" (Some "A") target ]
        |> ofHistory

    equal [ "A" ] (states (moved "A"))
    equal [ "A"; "B" ] (states (moved "B")))

test "signals and waking children are entries of the stay" (fun () ->
    let stays =
        history [
            created 1 "Wait"
            happened 2 "SIGNALLED" (Some "Wait") "Wait"
            happened 3 "CHILD_WOKE" (Some "Wait") "Wait"
            happened 4 "DEADLINE_PASSED" (Some "Wait") "Late"
        ]
        |> ofHistory

    equal [ "Wait"; "Late" ] (states stays)
    equal [ 1.0; 2.0; 3.0 ] (stays.Head.Entries |> List.map _.Id)
    equal Late stays.Head.Outcome)

test "the last stay has the final status" (fun () ->
    let stays =
        history [
            created 1 "A"
            {
                passed 2 "A" "Done" with
                    Status = "FINISHED"
            }
        ]
        |> ofHistory

    equal (Stands Finished) (List.last stays).Outcome)

let private cause (oldestFirst: HistoryEntry list) : Id option =
    history oldestFirst |> lastFailure |> Option.map _.Id

test "only a failure in the current state is the cause" (fun () ->
    let retried = [ created 1 "A"; failed 2 "A"; passed 3 "A" "B" ]
    equal None (cause retried)

    equal
        None
        (cause (
            retried
            @ [
                {
                    passed 4 "B" "Rejected" with
                        Status = "ERROR"
                }
            ]
        ))

    equal
        (Some 5.0)
        (cause (
            retried
            @ [ failed 4 "B"; failed 5 "B"; happened 6 "VARIABLES_CHANGED" (Some "B") "B" ]
        ))

    equal (Some 4.0) (cause (retried @ [ { failed 4 "B" with To = "Rejected" } ]))
    equal None (cause (retried @ [ failed 4 "B"; happened 5 "RUN_AGAIN" (Some "B") "B" ]))
    equal (Some 9.0) (cause [ failed 8 "A"; failed 9 "A" ]))

test "waiting does not make a stay wider, running does" (fun () ->
    let stay ran at =
        history [
            created 1 "A"
            {
                passed 2 "A" "B" with
                    DurationSeconds = Some ran
                    At = Instant.add at noon
            }
        ]
        |> ofHistory
        |> List.head
        |> weight

    equal (stay 0.01 1000.0) (stay 0.01 86400000.0)
    isTrue "it is wider" (stay 60.0 86400000.0 > stay 0.01 86400000.0))

let private round (count: int) =
    history [
        created 1 "A"
        for i in 2..count do
            passed i "A" "A"
    ]

test "stays that do not fit are folded on both sides of the position" (fun () ->
    let stays = ofHistory (round 100)

    let sizes =
        List.map (function
            | Shown _ -> 1
            | Folded(count, _) -> count)

    equal [ 90; 1; 1; 1; 1; 1; 1; 1; 1; 1; 1 ] (window 10 None stays |> sizes)
    equal 45 (window 10 (Some 51.0) stays |> sizes |> List.head)
    equal 45 (window 10 (Some 51.0) stays |> sizes |> List.last)
    equal (Folded(90, 11.0)) (window 10 (Some 1.0) stays |> List.last))

test "a step goes to the previous or next entry, and from the last entry to the present" (fun () ->
    let entries = Array.ofList (round 4)
    equal (Some 3.0) (step entries None -1)
    equal (Some 2.0) (step entries (Some 3.0) -1)
    equal (Some 1.0) (step entries (Some 1.0) -1)
    equal (Some 3.0) (step entries (Some 2.0) 1)
    equal None (step entries (Some 3.0) 1))

test "a step by stay goes to the beginning of a stay" (fun () ->
    let stays =
        history [
            created 1 "A"
            failed 2 "A"
            passed 3 "A" "B"
            failed 4 "B"
            passed 5 "B" "C"
        ]
        |> ofHistory

    equal (Some 3.0) (stepStay stays None -1)
    equal (Some 1.0) (stepStay stays (Some 4.0) -1)
    equal (Some 5.0) (stepStay stays (Some 4.0) 1)
    equal None (stepStay stays (Some 5.0) 1))

test "going back from the oldest loaded entry needs older ones, if there are any" (fun () ->
    let entries, stays = Array.ofList (round 4), ofHistory (round 4)

    let led hasOlder position key =
        going hasOlder entries stays position key

    for key in [ "ArrowLeft"; "PageUp"; "Home" ] do
        equal (Some NeedsOlder) (led true (Some 1.0) key)
        equal (Some(LeadsTo(Some 1.0))) (led false (Some 1.0) key)

    equal (Some(LeadsTo(Some 3.0))) (led true None "ArrowLeft")
    equal (Some(LeadsTo(Some 1.0))) (led true None "Home")
    equal (Some(LeadsTo(Some 2.0))) (led true (Some 1.0) "ArrowRight")
    equal (Some(LeadsTo None)) (led true (Some 1.0) "End")
    equal None (led true (Some 1.0) "a"))

let private moved (id: int) (before: string) (after: string) : HistoryEntry = {
    happened id "VERSION_MOVED" (Some "A") "A" with
        Details = Some(createObj [ "fromVersion", box before; "toVersion", box after ])
}

test "the version at a position is the one before the next move, else that of the last move" (fun () ->
    let entries =
        history [
            created 1 "A"
            moved 2 "1" "2"
            passed 3 "A" "A"
            moved 4 "2" "3"
            passed 5 "A" "A"
        ]

    equal
        [ Some "1"; Some "2"; Some "2"; Some "3"; Some "3" ]
        ([ 1.0; 2.0; 3.0; 4.0; 5.0 ]
         |> List.map (fun at -> DiagramHistory.versionAt at entries))

    equal None (DiagramHistory.versionAt 1.0 (history [ created 1 "A" ])))

test "the diagram also counts entries that are not loaded" (fun () ->
    let path: WorkflowPath = {
        State = "A"
        Status = "IN_PROGRESS"
        States = [
            {
                State = "A"
                Visits = 100.0
                Attempts = 102.0
                FailedAttempts = 2.0
                Seconds = 1.0
                RanSeconds = 1.0
                FirstEntry = 1.0
                LastEntered = None
            }
        ]
        Transitions = [
            {
                From = "A"
                To = "A"
                ByHand = false
                Count = 99.0
                LastEntry = 100.0
                Last = noon
            }
        ]
    }

    let loop = definition "Loop" [ state "A" Start [ "A" ] ]
    let run = workflow loop "A" InProgress
    let read = round 100 |> List.truncate 10

    let picture =
        Pictures.Run.now (Graph.ofDefinition loop) run (DiagramHistory.actions run read)

    let whole = DiagramHistory.complete path read picture
    equal [ 100, 2 ] (whole.States |> List.map (fun view -> view.Visits, view.Retries))
    equal [ 99 ] (whole.Transitions |> List.map _.Times)

    let then' =
        Pictures.Run.at (Graph.ofDefinition loop) run (DiagramHistory.actions run read) 95.0
        |> DiagramHistory.complete path read

    equal [ 95 ] (then'.States |> List.map _.Visits))

test "far back, earlier entries are unknown, so the diagram adds no counts" (fun () ->
    let loop = definition "Loop" [ state "A" Start [ "A" ] ]
    let run = workflow loop "A" InProgress

    let picture =
        Pictures.Run.at (Graph.ofDefinition loop) run (DiagramHistory.actions run (round 100)) 50.0
        |> DiagramHistory.uncounted

    equal [ 1, 0 ] (picture.States |> List.map (fun view -> view.Visits, view.Retries))
    equal [ 1 ] (picture.Transitions |> List.map _.Times))
