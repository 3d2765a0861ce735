module GopherFlow.Client.Tests.DashboardTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Attention
open GopherFlow.Client.Charts
open GopherFlow.Client.Pages.Dashboard
open GopherFlow.Client.Pages.Dashboard.Model

let private counted (kind: string) (version: string) (state: string) (status: Status) (count: float) : WorkflowCount = {
    WorkflowType = kind
    Version = version
    State = state
    Status = Status.wire status
    Count = count
}

let private row (id: float) (kind: string) (state: string) (status: Status) : Workflow = {
    workflow order state status with
        Id = id
        WorkflowType = kind
}

let private ship = {
    Status = Failed
    Type = "Order"
    State = "Ship"
}

let private counts = [
    counted "Order" "1" "Ship" Failed 30.0
    counted "Order" "2" "Ship" Failed 7.0
    counted "Order" "2" "Done" Finished 900.0
    counted "Approval" "1" "Ask" Waiting 200.0
    counted "Poll" "1" "TooLate" Errored 1.0
    counted "Poll" "1" "Poll" InProgress 12.0
    counted "Poll" "1" "Start" Failed 0.0
    counted "Poll" "1" "Poll" Executing 3.0
]

test "work that needs a person is counted over all versions, most urgent first" (fun () ->
    equal
        [ "Order", 37.0; "Poll", 1.0; "Approval", 200.0 ]
        (kinds counts |> List.map (fun (kind, count) -> kind.Type, count)))

test "a group has its newest and its oldest workflow" (fun () ->
    let rows = [
        row 9.0 "Order" "Ship" Failed
        row 4.0 "Order" "Ship" Failed
        row 8.0 "Order" "Pack" Failed
    ]

    let order = groups counts rows |> List.head
    equal (Some 9.0) (order.Newest |> Option.map _.Id)
    equal (Some 4.0) (order.Oldest |> Option.map _.Id))

test "a group has failed since the first failure that is known" (fun () ->
    let failed id minutes = {
        row id "Order" "Ship" Failed with
            Finished = Some(Instant.add (60000.0 * minutes) noon)
            Modified = Instant.add 9000000.0 noon
    }

    let order = groups counts [ failed 9.0 2.0; failed 4.0 5.0 ] |> List.head
    equal (Some(Instant.add 120000.0 noon)) order.Since)

test "only incomplete kinds are queried, with a bounded offset" (fun () ->
    let rows = [ row 9.0 "Order" "Ship" Failed; row 5.0 "Poll" "TooLate" Errored ]

    equal
        [
            { Of = ship; Offset = 36 }
            {
                Of = {
                    Status = Waiting
                    Type = "Approval"
                    State = "Ask"
                }
                Offset = 0
            }
            {
                Of = {
                    Status = Waiting
                    Type = "Approval"
                    State = "Ask"
                }
                Offset = 199
            }
        ]
        (looks counts rows)

    equal [ { Of = ship; Offset = 0 } ] (looks [ counted "Order" "1" "Ship" Failed 1000000.0 ] []))

test "the number of queries is limited for any number of kinds" (fun () ->
    let many = [ for i in 1..50 -> counted $"Type{i}" "1" "S" Failed 1.0 ]
    equal 8 (looks many []).Length)

let private executor (alive: bool) (groups: string list) : Executor = {
    Id = 1.0
    Name = "one"
    Version = "1.2.0"
    Started = noon
    LastActive = noon
    Ended = None
    Groups = groups
    Capacity = 8
    Alive = alive
    LeaseSeconds = 12.0
}

let private due (id: float) (group: string) (waitsFor: string) (seconds: float) : Workflow = {
    row id "Order" "Ship" InProgress with
        ExecutorGroup = group
        WaitsFor = Some waitsFor
        NextActivation = Some(Instant.add (-1000.0 * seconds) noon)
}

test "workflows that have been due for long are stuck, grouped by what they lack" (fun () ->
    let executors = [ executor true [ "default" ]; executor false [ "gpu" ] ]

    let rows = [
        due 2.0 "gpu" "executor" 40.0
        due 3.0 "gpu" "executor" 90.0
        due 4.0 "default" "executor" 60.0
        due 5.0 "default" "definition" 60.0
    ]

    equal
        [
            OfGroup "gpu", [ 3.0; 2.0 ]
            OfDefinition "1", [ 5.0 ]
            OfSlots "default", [ 4.0 ]
        ]
        (stuck executors rows
         |> List.map (fun stuck -> stuck.Want, stuck.Workflows |> List.map _.Id)
         |> List.sortByDescending (fun (want, ids) ->
             ids.Length,
             (match want with
              | OfDefinition _ -> 1
              | _ -> 0))))

test "workflows past their deadline are separate from those that are only due" (fun () ->
    let rows = [
        due 1.0 "gpu" "executor" 40.0
        {
            due 2.0 "gpu" "person" 50.0 with
                DeadlineState = Some "TooLate"
        }
    ]

    equal
        [ false, [ 1.0 ]; true, [ 2.0 ] ]
        (stuck [ executor true [ "default" ] ] rows
         |> List.map (fun stuck -> stuck.IsPastDeadline, stuck.Workflows |> List.map _.Id)
         |> List.sort))

test "an incomplete list of executors allows no conclusion about groups" (fun () ->
    let wants (executors: Executor list) =
        stuck executors [ due 1.0 "gpu" "executor" 40.0 ]
        |> List.map (fun stuck -> (withoutGuess executors stuck).Want)

    let cut = List.replicate 100 (executor true [ "default" ])
    equal [ OfSlots "gpu" ] (wants cut)
    equal [ OfGroup "gpu" ] (wants cut.Tail)

    // Executors that did not fit in the list were active even earlier than this one.
    let dead = {
        executor false [ "gpu" ] with
            LeaseSeconds = -5.0
    }

    equal [ OfGroup "gpu" ] (wants (cut.Tail @ [ dead ])))

test "a retry is offered for failures, and for errors in states with a function" (fun () ->
    let kind status state : Kind = {
        Status = status
        Type = order.Name
        State = state
    }

    equal true (mayRetry [] (kind Failed "Reserve"))
    equal true (mayRetry [ order ] (kind Errored "Reserve"))
    equal false (mayRetry [ order ] (kind Errored "Rejected"))
    equal false (mayRetry [ order ] (kind Errored "OfAnotherVersion"))
    equal false (mayRetry [] (kind Errored "Reserve")))

let private longRun (id: float) (state: string) (seconds: float) : LongRun = {
    Workflow = row id "Order" state Executing
    Since = Instant.add (-1000.0 * seconds) noon
    UsualSeconds = 30.0
}

test "long runs are grouped by type and state, longest first, and cancelled only if unchanged" (fun () ->
    match slow [ longRun 1.0 "Ship" 100.0; longRun 2.0 "Pack" 80.0; longRun 3.0 "Ship" 300.0 ] with
    | [ ship; pack ] ->
        equal ("Ship", [ 3.0; 1.0 ]) (ship.State, ship.Runs |> List.map _.Workflow.Id)
        equal [ 2.0 ] (pack.Runs |> List.map _.Workflow.Id)
        equal "Order runs far longer than usual in Ship" (Describe.slow ship)
        equal "A visit to Ship usually runs 30 s." (Describe.usual ship)
    | other -> failwith $"{other.Length} kinds"

    let until = Instant.add -100000.0 noon

    equal
        (Some(box (Instant.iso (Instant.add 1.0 until))))
        (filter (CancelSlow("Order", "Ship", until))
         |> List.tryFind (fst >> (=) "modifiedBefore")
         |> Option.map snd))

test "nothing is said about late work before it is loaded" (fun () ->
    equal "Nothing needs you: no failures, no decisions, nothing late." (Describe.nothing true)
    equal "No failures, no decisions." (Describe.nothing false))

let private asked = fst (Update.step (Ask(RetryAll ship)) first)

let private forecast: JobForecast = {
    Total = 37.0
    Counts = [
        {
            WorkflowType = "Order"
            Status = "FAILED"
            Count = 37.0
        }
    ]
}

test "the affected workflows are counted before an action is started" (fun () ->
    let model, commands = Update.step (Ask(RetryAll ship)) first
    equal [ Count(RetryAll ship) ] commands
    let model, commands = Update.step (Counted(RetryAll ship, forecast)) model
    equal [] commands
    equal (Some(Some forecast)) (model.Question |> Option.map _.Forecast)
    let model, commands = Update.step Confirm model
    equal [ Start(RetryAll ship) ] commands
    equal [] (snd (Update.step Confirm model))
    let model, _ = Update.step (Started(job 5.0 "QUEUED")) model
    equal None model.Question
    equal [ 5.0 ] model.Jobs)

test "the count for another question is ignored" (fun () ->
    let other = RunIn("Order", "gpu", "default")
    let model, _ = Update.step (Counted(other, forecast)) asked
    equal (Some None) (model.Question |> Option.map _.Forecast)
    equal first (fst (Update.step (Counted(other, forecast)) first)))

test "a refused job shows the reason and can be started again" (fun () ->
    let busy, _ = Update.step Confirm asked
    let model, _ = Update.step (Refused "No.") busy
    equal (Some(Some "No.", false)) (model.Question |> Option.map (fun question -> question.Fault, question.IsBusy))
    equal [ Start(RetryAll ship) ] (snd (Update.step Confirm model)))

test "a workflow has one retry at a time, and a refusal is shown" (fun () ->
    let model, commands = Update.step (RetryOne 7.0) first
    equal [ Retry 7.0 ] commands
    equal [] (snd (Update.step (RetryOne 7.0) model))
    equal first (fst (Update.step (Retried 7.0) model))
    let model, _ = Update.step (NotRetried(7.0, "It has ended.")) model
    equal Set.empty model.Retrying
    equal (Some "Workflow 7 was not retried. It has ended.") model.Fault)

test "an error is shown without the name of its class" (fun () ->
    equal "The ledger is closed" (Describe.error "System.InvalidOperationException: The ledger is closed")
    equal "Carrier refused: no code" (Describe.error "Exception: Carrier refused: no code")
    equal "no name of a class: here" (Describe.error "no name of a class: here"))

let private ended (minute: float) (kind: string) (status: Status) (count: float) : EndedInMinute = {
    Minute = Instant.add (60000.0 * minute) noon
    WorkflowType = kind
    Status = Status.wire status
    Count = count
}

let private throughput: Throughput = {
    From = noon
    Until = Instant.add 200000.0 noon
    Minutes = [
        ended 1.0 "Order" Finished 4.0
        ended 1.0 "Poll" Finished 2.0
        ended 1.0 "Order" Failed 1.0
        ended 1.0 "Order" Errored 1.0
        ended 1.0 "Order" Cancelled 9.0
        ended 3.0 "Order" Finished 8.0
    ]
}

test "minutes in which no workflow ended are included" (fun () ->
    equal
        [ 0.0, 0.0; 6.0, 2.0; 0.0, 0.0; 8.0, 0.0 ]
        (Minutes.ofAll throughput
         |> List.map (fun minute -> minute.Finished, minute.Failed)))

test "a type has its own minutes, and its rate covers completed minutes" (fun () ->
    let order = (Minutes.byType throughput)["Order"]
    equal [ 0.0; 4.0; 0.0; 8.0 ] (order |> List.map _.Finished)
    isTrue "rate" (abs (Minutes.rate order - 4.0 / 3.0) < 0.001)
    equal 0.0 (Minutes.rate []))

test "bars are drawn for nonzero values, and the highest has the full height" (fun () ->
    equal "M0 20v-10h45v10zM60 20v-20h45v20z" (Spark.path [ 5.0; 10.0 ])
    equal "" (Spark.path [ 0.0; 0.0 ]))

test "the workflows of each type are counted by status" (fun () ->
    let poll = ofTypes counts |> List.find (fun row -> row.Type = "Poll")
    equal (3.0, 12.0, 0.0, 1.0) (poll.Running, poll.Open, poll.Failed, poll.Errored)
    let order = ofTypes counts |> List.find (fun row -> row.Type = "Order")
    equal (37.0, 900.0) (order.Failed, order.Finished))

let private touched events listed key =
    Invalidation.touches (List.fold Invalidation.add Invalidation.nothing events) (fun _ -> None) (fun _ -> listed) key

let private pageOf (rows: Workflow list) : WorkflowPage = {
    Results = rows.Length
    Workflows = rows
    Offset = 0
    Next = None
    Partial = false
    Total = None
}

test "every change affects the counts, but only some affect what needs a person" (fun () ->
    let runs = WorkflowChanged(change 7.0 "Work" InProgress 1)
    let fails = WorkflowChanged(change 7.0 "Work" Failed 1)
    isTrue "counts" (touched [ runs ] None [ "counts" ])
    isTrue "not without a change of a workflow" (not (touched [ ScriptsChanged ] None [ "counts" ]))
    isTrue "failed" (touched [ fails ] (Some(pageOf [])) [ "attention" ])
    isTrue "not the rows beyond the newest" (not (touched [ fails ] None [ "attention"; "beyond" ]))
    isTrue "retried" (touched [ runs ] (Some(pageOf [ row 7.0 "Demo" "Work" Failed ])) [ "attention" ])
    isTrue "not another" (not (touched [ runs ] (Some(pageOf [ row 8.0 "Demo" "Work" Failed ])) [ "attention" ])))

test "the list of upcoming work follows changes, soonest first" (fun () ->
    let planned id minutes = {
        row id "Demo" "Before" InProgress with
            NextActivation = Some(Instant.add (60000.0 * minutes) noon)
    }

    let next = [ planned 8.0 0.5; planned 7.0 5.0; planned 9.0 30.0 ]

    let idsAfter change =
        Patch.upcoming change next |> List.map _.Id

    equal [ 8.0; 7.0; 9.0 ] (idsAfter (change 7.0 "Work" InProgress 1))

    equal
        [ 8.0; 9.0 ]
        (idsAfter {
            change 7.0 "Work" Executing 1 with
                NextActivation = None
        })

    equal [ 8.0; 9.0 ] (idsAfter (change 7.0 "Work" Finished 1))

    equal
        [ 8.0; 9.0; 7.0 ]
        (idsAfter {
            change 7.0 "Work" InProgress 1 with
                NextActivation = Some(Instant.add 9000000.0 noon)
        }))
