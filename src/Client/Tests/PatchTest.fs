module GopherFlow.Client.Tests.PatchTest

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private row = {
    workflow parent "ParentInit" InProgress with
        WaitsFor = Some "person"
}

let private listing = {
    Listing.unread with
        Rows = [| row |]
        ReadTo = 0.0
}

let private finished = change 7.0 "Done" Finished 1

test "a change updates the row" (fun () ->
    let patched = Patch.row finished row
    equal "Done" patched.State
    equal Finished (Workflow.status patched)
    equal 2 patched.ExecutionCount
    equal 1 patched.RetryCount
    equal 3 patched.OpenChildren
    equal (Some 4.0) patched.ExecutorId
    equal finished.Modified patched.Modified
    equal finished.NextActivation patched.NextActivation
    equal (Some finished.Modified) patched.Finished
    equal None patched.WaitsFor
    equal row.BusinessKey patched.BusinessKey)

test "the reason for waiting is kept while nothing else changes" (fun () ->
    let same = {
        change 7.0 row.State InProgress 1 with
            NextActivation = row.NextActivation
    }

    equal (Some "person") (Patch.row same row).WaitsFor)

test "a row that is newer than the change, or of another workflow, is not changed" (fun () ->
    let later = {
        row with
            Modified = Instant.add 5000.0 noon
    }

    equal later (Patch.row finished later)
    equal row (Patch.row { finished with Id = 8.0 } row))

test "an older change after a newer one is ignored" (fun () ->
    let known = (Patch.learn (change 7.0 "Late" InProgress 2) Map.empty).Value
    equal None (Patch.learn (change 7.0 "Early" InProgress 1) known)
    equal "Late" (Patch.answer known row).State
    isTrue "the next is" (Patch.learn (change 7.0 "Next" InProgress 3) known).IsSome)

test "a change updates every cache entry that contains the workflow" (fun () ->
    let revised key (held: obj) =
        LiveCache.revised (LiveCache.burstOf [ finished ]) key held

    isTrue "the workflow" (revised [ "workflow"; "7" ] (box row)).IsSome
    isTrue "not another" (revised [ "workflow"; "8" ] (box { row with Id = 8.0 })).IsNone
    isTrue "children" (revised [ "children"; "3" ] (box [ row ])).IsSome
    isTrue "a list" (revised [ "workflows" ] (box listing)).IsSome
    isTrue "not a history" (revised [ "actions"; "7" ] (box [ action 1 "LOG" "Init" "t" ])).IsNone

    let filter = WorkflowFilter.where [ WorkflowFilter.Field.State, "a=b" ]

    match revised (LiveCache.listKey filter) (box listing) with
    | Some held -> equal 0 (unbox<Listing.Listing> held).Rows.Length
    | None -> failwith "the list is unchanged")

test "after a burst each workflow has its last change, and every transition is counted" (fun () ->
    let first = change 7.0 "Ship" InProgress 1

    let second = {
        change 7.0 "Paid" InProgress 1 with
            PreviousState = Some "Ship"
            Revision = first.Revision + 1.0
    }

    let burst = LiveCache.burstOf [ first; second ]

    match LiveCache.revised burst [ "workflow"; "7" ] (box row) with
    | Some held -> equal "Paid" (unbox<Workflow> held).State
    | None -> failwith "the workflow is unchanged"

    match
        LiveCache.revised burst [ "traffic"; first.WorkflowType; first.Version ] (box (Map.empty: Patch.Traffic))
    with
    | Some held -> equal (Map [ ("Before", "Ship"), 1; ("Ship", "Paid"), 1 ]) (unbox<Patch.Traffic> held)
    | None -> failwith "no transition is counted")

test "transitions are counted, changes within a state are not" (fun () ->
    let once = Patch.traffic (change 1.0 "Ship" InProgress 1) Map.empty
    equal (Some(Map [ ("Before", "Ship"), 1 ])) once
    equal (Some(Map [ ("Before", "Ship"), 2 ])) (once |> Option.bind (Patch.traffic (change 2.0 "Ship" InProgress 1)))
    equal None (Patch.traffic (change 3.0 "Before" InProgress 2) Map.empty)

    equal
        None
        (Patch.traffic
            {
                change 4.0 "Ship" New 1 with
                    PreviousState = None
            }
            Map.empty))
