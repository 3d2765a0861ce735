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

test "events of the stream are read" (fun () ->
    equal (Some Resync) (TabStream.event "resync" "{}")
    equal (Some(DefinitionChanged "Demo")) (TabStream.event "definition" """{"name":"Demo","version":"2"}""")
    equal (Some(changed 7.0 (Some 3.0))) (TabStream.event "workflow" sent))

test "what cannot be read is no event" (fun () ->
    equal None (TabStream.event "workflow" "{}")
    equal None (TabStream.event "weather" "{}"))

let private touched events key =
    LiveCache.touches (List.fold LiveCache.add LiveCache.nothing events) (fun _ -> None) (fun _ -> None) key

test "a change touches the workflow, its history and every list" (fun () ->
    let touched = touched [ changed 7.0 None ]
    isTrue "workflow" (touched [ "workflow"; "7" ])
    isTrue "history" (touched [ "actions"; "7" ])
    isTrue "list" (touched [ "workflows"; "type=Demo" ])
    isTrue "not another workflow" (not (touched [ "workflow"; "8" ]))
    isTrue "not a definition" (not (touched [ "definition"; "Demo" ])))

test "a change of a child touches its parent and the parent's list of children" (fun () ->
    let touched = touched [ changed 7.0 (Some 3.0) ]
    isTrue "children" (touched [ "children"; "3" ])
    isTrue "parent" (touched [ "workflow"; "3" ])
    isTrue "not the parent's history" (not (touched [ "actions"; "3" ])))

test "a definition touches itself and the list of definitions" (fun () ->
    let touched = touched [ DefinitionChanged "Demo" ]
    isTrue "itself" (touched [ "definition"; "Demo" ])
    isTrue "its versions" (touched [ "versions"; "Demo" ])
    isTrue "a version" (touched [ "definition"; "Demo"; "1" ])
    isTrue "list" (touched [ "definitions" ])
    isTrue "not another" (not (touched [ "definition"; "Other" ])))

test "a change of scripts touches what is shown of scripts and of definitions" (fun () ->
    equal (Some ScriptsChanged) (TabStream.event "scripts" "{}")
    let touched = touched [ ScriptsChanged ]
    isTrue "list" (touched [ "scripts" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "definition" (touched [ "definition"; "Demo" ])
    isTrue "definitions" (touched [ "definitions" ])
    isTrue "versions" (touched [ "versions"; "Demo" ])
    isTrue "not a workflow" (not (touched [ "workflow"; "7" ])))

test "a change of a workflow touches the counts of its definition" (fun () ->
    let touched = touched [ changed 7.0 None ]
    isTrue "counts" (touched [ "counts" ])
    isTrue "versions" (touched [ "versions"; "Demo" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "scripts" (touched [ "scripts" ])
    isTrue "not another's" (not (touched [ "versions"; "Other" ]))
    isTrue "not the drawing" (not (touched [ "definition"; "Demo"; "1" ])))

test "after a gap everything is read again but the session" (fun () ->
    isTrue "workflow" (touched [ Resync ] [ "workflow"; "8" ])
    isTrue "executors" (touched [ Resync ] [ "executors" ])
    isTrue "not the session" (not (touched [ Resync ] [ "session" ])))

test "a list that was left behind by its answer is read again, and nothing else" (fun () ->
    let left = { LiveCache.nothing with Lists = true }

    let behind = { Listing.unread with Recount = true }

    let touched listing =
        LiveCache.touches left (fun _ -> Some listing) (fun _ -> None)

    isTrue "the list" (touched behind [ "workflows" ])
    isTrue "not one that has all" (not (touched Listing.unread [ "workflows" ]))
    isTrue "not the counts" (not (touched behind [ "counts" ])))

test "what shows or counts workflows is read again when some are deleted" (fun () ->
    isTrue "list" (LiveCache.showsMany [ "workflows"; "type=Demo" ])
    isTrue "counts" (LiveCache.showsMany [ "counts" ])
    isTrue "what needs a person" (LiveCache.showsMany [ "attention" ])
    isTrue "not a workflow" (not (LiveCache.showsMany [ "workflow"; "7" ])))

test "when others may have deleted workflows, lists are read again, but not very long ones" (fun () ->
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
        LiveCache.suspected [ "workflows" ] (box (listOf length)) |> Option.map unbox

    equal (Some(Listing.doubt (listOf 3))) (suspected 3)
    equal None (suspected 2501)
    isTrue "not the counts" (LiveCache.suspected [ "counts" ] (box 1)).IsNone)

test "what has come since a place in the course of events is told in its order" (fun () ->
    let receive = LiveCache.follow ()
    let first = LiveCache.here ()
    receive [ changed 101.0 None ]
    let second = LiveCache.here ()
    receive [ changed 101.0 None; ScriptsChanged; changed 102.0 None ]
    receive [ Resync ]
    equal [ changed 101.0 None; changed 102.0 None; Resync ] (LiveCache.heardSince first)
    equal [ changed 102.0 None; Resync ] (LiveCache.heardSince second)
    equal [] (LiveCache.heardSince (LiveCache.here ())))

/// Follows what is to be read again, and when.
let private reading (act: (LiveEvent list -> unit) -> ResizeArray<LiveCache.Changes> -> Fable.Core.JS.Promise<unit>) =
    promise {
        FakeClock.start ()
        let reads = ResizeArray()

        let gathered =
            LiveCache.gather (fun changes ->
                reads.Add changes
                resolved ())

        do! act (fun events -> gathered (LiveCache.addAll events)) reads
        FakeClock.stop ()
    }

testLater "a single event is read after at once" (fun () ->
    reading (fun receive reads ->
        promise {
            receive [ changed 7.0 None ]
            do! FakeClock.pass 30
            equal 1 reads.Count
            do! FakeClock.pass 10000
            equal 1 reads.Count
        }))

testLater "while events come, all of it is read every 450 ms, and once more after the last" (fun () ->
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

testLater "one event is passed on at once, a burst of them together" (fun () ->
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
