module GopherFlow.Client.Tests.EventsTest

open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private changed (id: float) (parent: float option) =
    WorkflowChanged {
        change id "Work" InProgress 1 with
            ParentWorkflowId = parent
    }

let private sent =
    """{"id":7,"workflowType":"Demo","version":"1","status":"IN_PROGRESS","state":"Work","previousState":"Before",
    "parentWorkflowId":3,"revision":1,"executionCount":2,"retryCount":1,"openChildren":3,"executorId":4,
    "modified":"2026-11-22T12:00:01Z","nextActivation":"2026-11-22T12:01:00Z"}"""

test "events of the stream are parsed" (fun () ->
    equal (Some Resync) (TabStream.event "resync" "{}")
    equal (Some(DefinitionChanged "Demo")) (TabStream.event "definition" """{"name":"Demo","version":"2"}""")
    equal (Some(changed 7.0 (Some 3.0))) (TabStream.event "workflow" sent))

test "unreadable and unknown events are ignored" (fun () ->
    equal None (TabStream.event "workflow" "{}")
    equal None (TabStream.event "weather" "{}"))

let private touched events key =
    Invalidation.touches (List.fold Invalidation.add Invalidation.nothing events) (fun _ -> None) (fun _ -> None) key

test "a change invalidates the workflow, its history and every list" (fun () ->
    let touched = touched [ changed 7.0 None ]
    isTrue "workflow" (touched [ "workflow"; "7" ])
    isTrue "history" (touched [ "actions"; "7" ])
    isTrue "list" (touched [ "workflows"; "type=Demo" ])
    isTrue "not another workflow" (not (touched [ "workflow"; "8" ]))
    isTrue "not a definition" (not (touched [ "definition"; "Demo" ])))

test "a change of a child invalidates its parent and the parent's list of children" (fun () ->
    let touched = touched [ changed 7.0 (Some 3.0) ]
    isTrue "children" (touched [ "children"; "3" ])
    isTrue "parent" (touched [ "workflow"; "3" ])
    isTrue "not the parent's history" (not (touched [ "actions"; "3" ])))

test "a changed definition invalidates itself and the list of definitions" (fun () ->
    let touched = touched [ DefinitionChanged "Demo" ]
    isTrue "itself" (touched [ "definition"; "Demo" ])
    isTrue "its versions" (touched [ "versions"; "Demo" ])
    isTrue "a version" (touched [ "definition"; "Demo"; "1" ])
    isTrue "list" (touched [ "definitions" ])
    isTrue "not another" (not (touched [ "definition"; "Other" ])))

test "a change of scripts invalidates all data about scripts and definitions" (fun () ->
    equal (Some ScriptsChanged) (TabStream.event "scripts" "{}")
    let touched = touched [ ScriptsChanged ]
    isTrue "list" (touched [ "scripts" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "definition" (touched [ "definition"; "Demo" ])
    isTrue "definitions" (touched [ "definitions" ])
    isTrue "versions" (touched [ "versions"; "Demo" ])
    isTrue "not a workflow" (not (touched [ "workflow"; "7" ])))

test "a change of a workflow invalidates the counts of its definition" (fun () ->
    let touched = touched [ changed 7.0 None ]
    isTrue "counts" (touched [ "counts" ])
    isTrue "versions" (touched [ "versions"; "Demo" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "scripts" (touched [ "scripts" ])
    isTrue "not another's" (not (touched [ "versions"; "Other" ]))
    isTrue "not the drawing" (not (touched [ "definition"; "Demo"; "1" ])))

test "after a gap everything except the session is read again" (fun () ->
    isTrue "workflow" (touched [ Resync ] [ "workflow"; "8" ])
    isTrue "executors" (touched [ Resync ] [ "executors" ])
    isTrue "not the session" (not (touched [ Resync ] [ "session" ])))

test "only lists that are behind their events are read again" (fun () ->
    let left = {
        Invalidation.nothing with
            Lists = true
    }

    let behind = { Listing.unread with Recount = true }

    let touched listing =
        Invalidation.touches left (fun _ -> Some listing) (fun _ -> None)

    isTrue "the list" (touched behind [ "workflows" ])
    isTrue "not an up-to-date list" (not (touched Listing.unread [ "workflows" ]))
    isTrue "not the counts" (not (touched behind [ "counts" ])))

test "lists and counts of workflows are read again when some are deleted" (fun () ->
    isTrue "list" (Deletions.showsMany [ "workflows"; "type=Demo" ])
    isTrue "counts" (Deletions.showsMany [ "counts" ])
    isTrue "what needs a person" (Deletions.showsMany [ "attention" ])
    isTrue "not a workflow" (not (Deletions.showsMany [ "workflow"; "7" ])))

test "single workflows are also read again when others may have deleted some" (fun () ->
    isTrue "workflow" (Deletions.mayShowDeleted [ "workflow"; "7" ])
    isTrue "list" (Deletions.mayShowDeleted [ "workflows"; "type=Demo" ])
    isTrue "not a definition" (not (Deletions.mayShowDeleted [ "definition"; "Demo" ])))

test "lists are read again when others may have deleted workflows, except very long ones" (fun () ->
    let listOf (length: int) : Listing.Listing = {
        Listing.unread with
            ReadTo = 0.0
            Rows = [|
                for id in length .. -1 .. 1 ->
                    {
                        workflow parent "ParentInit" InProgress with
                            Id = float id
                    }
            |]
    }

    let suspected (length: int) : Listing.Listing option =
        Deletions.suspected [ "workflows" ] (box (listOf length)) |> Option.map unbox

    equal (Some(Listing.doubt (listOf 3))) (suspected 3)
    equal None (suspected 2501)
    isTrue "not the counts" (Deletions.suspected [ "counts" ] (box 1)).IsNone)

test "the events since a position are returned in order" (fun () ->
    let receive = LiveCache.follow ()
    let first = LiveCache.here ()
    receive [ changed 101.0 None ]
    let second = LiveCache.here ()
    receive [ changed 101.0 None; ScriptsChanged; changed 102.0 None ]
    receive [ Resync ]
    equal [ changed 101.0 None; changed 102.0 None; Resync ] (LiveCache.eventsSince first)
    equal [ changed 102.0 None; Resync ] (LiveCache.eventsSince second)
    equal [] (LiveCache.eventsSince (LiveCache.here ())))

/// Records the batches of changes for which data is fetched again.
let private reading
    (act: (LiveEvent list -> unit) -> ResizeArray<Invalidation.Changes> -> Fable.Core.JS.Promise<unit>)
    =
    promise {
        FakeClock.start ()
        let reads = ResizeArray()

        let gathered =
            LiveCache.gather (fun changes ->
                reads.Add changes
                resolved ())

        do! act (fun events -> gathered (Invalidation.addAll events)) reads
        FakeClock.stop ()
    }

testLater "a single event triggers a read at once" (fun () ->
    reading (fun receive reads ->
        promise {
            receive [ changed 7.0 None ]
            do! FakeClock.pass 30
            equal 1 reads.Count
            do! FakeClock.pass 10000
            equal 1 reads.Count
        }))

testLater "during a stream of events data is read every 450 ms, and once more after the last" (fun () ->
    reading (fun receive reads ->
        promise {
            let rec send (left: int) : Fable.Core.JS.Promise<unit> =
                promise {
                    if left > 0 then
                        receive [ changed (float left) None ]
                        do! FakeClock.pass 26
                        do! send (left - 1)
                }

            do! send 382
            do! FakeClock.pass 2000
            equal 23 reads.Count
            isTrue "the last change is in the last read" ((Seq.last reads).Workflows.ContainsKey "1")
        }))

testLater "a single event is forwarded at once, a burst is forwarded together" (fun () ->
    promise {
        FakeClock.start ()
        let passed = ResizeArray<int list>()
        let hidden = ref false
        let burst = Burst.Burst((fun () -> hidden.Value), passed.Add)
        burst.Add 0
        do! FakeClock.pass 10
        equal [ [ 0 ] ] (List.ofSeq passed)

        List.iter burst.Add [ 1..50 ]
        do! FakeClock.pass 10
        equal [ 1..50 ] passed[1]

        burst.Add 51
        do! FakeClock.pass 50
        burst.Add 52
        equal 2 passed.Count
        do! FakeClock.pass 50
        equal [ 51; 52 ] passed[2]

        burst.Add 53
        burst.Flush()
        equal [ 53 ] passed[3]
        do! FakeClock.pass 1000
        equal 4 passed.Count

        hidden.Value <- true
        burst.Add 54
        equal [ 54 ] passed[4]
        FakeClock.stop ()
    })
