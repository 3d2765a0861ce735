module GopherFlow.Client.Tests.JobsTest

open Fable.Core
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Contract
open GopherFlow.Client.Pages.Jobs
open GopherFlow.Client.Pages.Jobs.Model

let private json (text: string) : obj = JS.JSON.parse text

let private jobText (fields: string) =
    """{"id":1,"operation":{"kind":"retry"},"operationOmitted":false,"filter":{},"actor":"admin","reason":null,"created":"2026-11-26T02:27:51Z","started":null,
    "ended":null,"descendants":0,"executorId":null,"error":null"""
    + fields
    + "}"

let private job (fields: string) : Job =
    match Json.decodeText "job" Json.contract<Job> (jobText fields) with
    | Ok job -> job
    | Error reason -> failwith reason

let private running =
    job ""","status":"RUNNING","cancelRequested":null,"total":4000,"done":1200,"failed":3,"skipped":1"""

test "an operation is described in words" (fun () ->
    let text source = Describe.operation (json source)
    equal "Retry" (text """{"kind":"retry"}""")
    equal "Cancel with children" (text """{"kind":"cancel","children":true}""")
    equal "Cancel" (text """{"kind":"cancel","children":false}""")
    equal "Run again from Review" (text """{"kind":"runAgain","state":"Review"}""")
    equal "Change state to Ship" (text """{"kind":"changeState","state":"Ship"}""")
    equal "Move to group gpu" (text """{"kind":"place","executorGroup":"gpu"}""")
    equal "Set priority to 3 and move to group gpu" (text """{"kind":"place","priority":3,"executorGroup":"gpu"}""")
    equal "Move to version 9f3a" (text """{"kind":"moveVersion","to":"9f3a"}""")
    equal "Send signal paid" (text """{"kind":"signal","name":"paid"}""")
    equal "archive" (text """{"kind":"archive"}"""))

test "a filter is described in words" (fun () ->
    let text source = Describe.filter (json source)

    equal
        "failed ShipOrder in Ship up to id 8"
        (text
            """{"workflowTypes":["ShipOrder"],"versions":[],"states":["Ship"],"statuses":["FAILED"],"executorGroups":[],"waitsFor":[],"withoutParent":false,"idTo":8}""")

    equal "all workflows" (text """{"workflowTypes":[],"withoutParent":false}""")
    equal "failed or error workflows" (text """{"statuses":["FAILED","ERROR"]}""")

    equal
        "Order or Return in group gpu waiting for an executor"
        (text """{"workflowTypes":["Order","Return"],"executorGroups":["gpu"],"waitsFor":["executor"]}""")

    equal "A, B or C" (text """{"workflowTypes":["A","B","C"]}""")
    equal "workflows without a parent" (text """{"withoutParent":true}"""))

test "the progress of a job" (fun () ->
    equal "1,204 of 4,000" (Describe.progress running)
    equal "1,200 changed, 3 failed, 1 skipped" (Describe.outcome running)

    let queued = {
        running with
            Status = "QUEUED"
            Total = None
    }

    equal "waits for an executor" (Describe.progress queued)
    equal "counting" (Describe.progress { queued with Status = "RUNNING" })
    equal "none found" (Describe.progress { running with Total = Some 0.0 }))

test "a job is stopping from the request to cancel it until it ends" (fun () ->
    let asked = {
        running with
            CancelRequested = Some running.Created
    }

    isTrue "stopping" (Describe.isStopping asked)
    isTrue "ended" (not (Describe.isStopping { asked with Status = "CANCELLED" }))
    isTrue "under way" (OverviewQueries.isUnderWay asked)
    isTrue "over" (not (OverviewQueries.isUnderWay { asked with Status = "DONE" })))

test "a list of jobs is polled even if none runs, a job that has ended is not" (fun () ->
    let ended = { running with Status = "DONE" }
    equal 1000 (OverviewQueries.paceOfList [ ended; running ])
    equal 10000 (OverviewQueries.paceOfList [ ended ])
    equal 10000 (OverviewQueries.paceOfList [])
    equal 1000 (OverviewQueries.paceOfJob (Some running))
    equal 0 (OverviewQueries.paceOfJob (Some ended)))

test "paging works in both directions" (fun () ->
    let go message model = fst (Update.update message model)
    let third = first |> go (Onward "50") |> go (Onward "10")
    equal (Some "10") (cursor third)
    equal (Some "50") (cursor (go Back third))
    equal None (third |> go Back |> go Back |> go Back |> cursor))
