module GopherFlow.Client.Tests.DefinitionTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Pages.Definition
open GopherFlow.Client.Pages.Definition.Model
open GopherFlow.Client.Tests.Samples

let private after (msgs: Msg list) =
    List.fold (fun model msg -> Update.update msg model) initial msgs

test "a click selects a state, a second click deselects it" (fun () ->
    equal (Some "Ship") (after [ StateClicked "Ship" ]).Selected
    equal (Some "Done") (after [ StateClicked "Ship"; StateClicked "Done" ]).Selected
    equal None (after [ StateClicked "Ship"; StateClicked "Ship" ]).Selected
    equal None (after [ StateClicked "Ship"; StateLeft ]).Selected)

test "opening and closing a comparison keeps the selected state" (fun () ->
    let compared = after [ StateClicked "Ship"; ComparedWith "1" ]
    equal (Some "1") compared.Compared
    equal (after [ StateClicked "Ship" ]) (Update.update ComparisonClosed compared))

test "the list below the diagram shows the workflows of the selected state" (fun () ->
    let filter = Update.filter "OrderApproval" (after [ StateClicked "Ship" ])
    let of' field = WorkflowFilter.values field filter
    equal [ "OrderApproval" ] (of' WorkflowFilter.Field.Type)
    equal [ "Ship" ] (of' WorkflowFilter.Field.State)

    equal
        []
        (Update.filter "OrderApproval" initial
         |> WorkflowFilter.values WorkflowFilter.Field.State))

let private count state status count : WorkflowCount = {
    WorkflowType = "OrderApproval"
    Version = "1"
    State = state
    Status = Status.wire status
    Count = count
}

test "unfinished workflows are counted by group, without other versions" (fun () ->
    let counts = [
        count "Ship" Executing 2.0
        count "Ship" New 1.0
        count "AskPerson" Waiting 4.0
        count "Done" Finished 90.0
        {
            count "Ship" Failed 5.0 with
                Version = "2"
        }
    ]

    equal "4 waiting, 3 running" (Update.unfinished (Update.tally order None counts))
    equal "3 running" (Update.unfinished (Update.tally order (Some "Ship") counts))
    equal "none" (Update.unfinished (Update.tally order (Some "Done") counts)))

test "the older version comes first, and the differences are counted" (fun () ->
    let newer = {
        order with
            Version = "2"
            Created = Instant.add 1000.0 noon
            States = order.States @ [ state "Fraud" StateType.Error [] ]
    }

    equal (order, newer) (Update.inOrder order newer)
    equal (order, newer) (Update.inOrder newer order)
    equal "states: 1 added" (Update.differences order newer)
    equal "the states and transitions are the same" (Update.differences order order))
