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
    ofRun graph (workflow order state status) history

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

test "a state that was visited and may come again is shown as next, with its visits" (fun () ->
    let picture =
        run "AskPerson" Waiting (walk [ "Receive"; "CheckCredit"; "AskPerson" ])

    equal Next (view "CheckCredit" picture).Phase
    equal 1 (view "CheckCredit" picture).Visits)

test "visits are counted, the first of the initial state too" (fun () ->
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

test "a new workflow stands at the initial state and has visited nothing" (fun () ->
    let picture =
        ofRun
            graph
            {
                workflow order "" New with
                    Started = None
            }
            []

    equal Current (view "Receive" picture).Phase
    equal 0 (view "Receive" picture).Visits
    equal Next (view "CheckCredit" picture).Phase)

test "nothing comes next when a run is over" (fun () ->
    for status in [ Finished; Failed; Errored; Cancelled ] do
        let picture = run "CheckCredit" status (walk [ "Receive"; "CheckCredit" ])
        equal Idle (view "Reserve" picture).Phase
        isTrue "no transition is possible" (picture.Transitions |> List.forall (fun view -> not view.Possible)))

test "failed attempts are counted for the state that failed" (fun () ->
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

test "a move by hand along no transition is shown, and where it led is visited" (fun () ->
    let picture = run "Done" Finished (byHand 9 "Receive" "Done" :: walk [ "Receive" ])
    equal 1 (view "Done" picture).Visits

    let move = picture.Transitions |> List.find (fun view -> not view.Declared)
    equal ("Receive", "Done", 1) (move.Transition.From, move.Transition.To, move.Times))

test "an entry that is told in several lines counts once" (fun () ->
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

test "a picture at a position shows what had happened by then" (fun () ->
    let history = walk [ "Receive"; "CheckCredit"; "Reserve"; "Ship"; "Done" ]
    let picture = ofRunAt graph (workflow order "Done" Finished) history 2.0
    equal Current (view "Reserve" picture).Phase
    equal Idle (view "Done" picture).Phase
    equal 0 (times "Reserve->Ship" picture)
    equal 1 (times "CheckCredit->Reserve" picture)
    equal (Some InProgress) (view "Reserve" picture).Status)

let private waitOf (waits: string option) =
    Wait.ofWorkflow {
        workflow order "Reserve" InProgress with
            WaitsFor = waits
            OpenChildren = 2
            NextActivation = Some(Instant.add 90000.0 noon)
    }
    |> Option.map (Wait.text noon)

test "why a run waits is said in words" (fun () ->
    equal (Some "waits, runs in 1 min") (waitOf (Some "activation"))
    equal (Some "waits for 2 children") (waitOf (Some "children"))
    equal (Some "waits for a person") (waitOf (Some "person"))
    equal (Some "attempt 1 in 1 min") (waitOf (Some "retry"))
    equal (Some "paused") (waitOf (Some "resume"))
    equal (Some "waits for an executor") (waitOf (Some "executor"))
    equal None (waitOf None))

test "a state's own retry and timeout stand on it" (fun () ->
    let strict = {
        state "A" Start [] with
            Retry = Some retry
            TimeoutSeconds = Some 90.0
    }

    equal [ "3 retries, 1 s to 5 s"; "timeout 1 min 30 s" ] (rules strict)
    equal [] (rules (state "A" Start []))
    equal "no retry" (retryText { retry with MaxRetries = 0 })

    equal
        "1 retry, 1 s"
        (retryText {
            retry with
                MaxRetries = 1
                MaxSeconds = 1.0
        }))
