module GopherFlow.Client.Tests.HistoryTest

open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Api
open GopherFlow.Client.Api.HeldHistory
open GopherFlow.Client.Pages.Workflow
open GopherFlow.Client.Pages.Workflow.Describe
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Tests.Samples

let private with' (details: (string * obj) list) (entry: HistoryEntry) = {
    entry with
        Details = Some(createObj details)
}

let private by (actor: string) (entry: HistoryEntry) = { entry with Actor = Some actor }

let private because (cause: string) (entry: HistoryEntry) = { entry with Cause = Some cause }

test "entries are described in words" (fun () ->
    let text entry = sentence entry
    equal "Created, begins in A" (text (created 1 "A"))
    equal "Went from A to B" (text (passed 2 "A" "B"))
    equal "Repeated A" (text (passed 2 "A" "A"))
    equal "A failed" (text (failed 2 "A"))
    equal "Received signal paid" (text (happened 2 "SIGNALLED" (Some "A") "A" |> because "signal:paid"))
    equal "Woken by child 17" (text (happened 2 "CHILD_WOKE" (Some "A") "A" |> because "workflow:17"))

    equal
        "Taken over from executor 3, which had died"
        (text (happened 2 "TAKEN_OVER" (Some "A") "A" |> because "executor:3"))

    equal "Moved from A to C, forced" (text (happened 2 "STATE_CHANGED" (Some "A") "C" |> with' [ "isForced", true ]))

    equal
        "Moved from version 1a to 2b, from A to B"
        (text (
            happened 2 "VERSION_MOVED" (Some "A") "B"
            |> with' [ "fromVersion", "1a"; "toVersion", "2b" ]
        ))

    equal
        "Priority 1, executor group night"
        (text (
            happened 2 "PLACED" (Some "A") "A"
            |> with' [ "priority", 1; "executorGroup", "night" ]
        )))

test "an entry of an unknown kind is described by the name of the kind" (fun () ->
    equal "Frozen over" (sentence (happened 2 "FROZEN_OVER" (Some "A") "A")))

test "who caused an entry" (fun () ->
    let moved = happened 2 "STATE_CHANGED" (Some "A") "B"
    equal None (actor moved)
    equal (Some "anna, by hand") (moved |> by "anna" |> actor)
    equal (Some "job 7") (moved |> by "job:7" |> actor)
    equal (Some "parent 5") (created 1 "A" |> by "workflow:5" |> actor)
    equal (Some "by anna") (created 1 "A" |> by "anna" |> actor))

test "an entry shows its signal, its duration, new children and what is awaited" (fun () ->
    let entry =
        passed 2 "A" "B"
        |> because "signal:paid"
        |> with' [
            "children", createObj [ "Line", 2 ]
            "awaitedSignals", box [| "shipped"; "lost" |]
            "deadlineState", box "Late"
        ]

    equal
        [
            "signal paid taken"
            "ran 500 ms"
            "created 2 children of type Line"
            "waits for shipped or lost"
        ]
        (notes entry)

    equal "goes to Late if nothing arrives by" (dueWord entry))

test "the last failure shows why it is the last" (fun () ->
    let last = { failed 2 "A" with Status = "FAILED" }

    isTrue "no attempts left" (List.contains "no attempts left" (notes last))

    isTrue
        "it is not retried"
        (last
         |> with' [ "isNotRetryable", true ]
         |> notes
         |> List.contains "an error that is not retried"))

let private describe (row: Row) =
    match row with
    | One entry -> $"{entry.Id}"
    | Attempts(state, failed, succeeded) -> $"{state}: {attempts failed.Length succeeded}"

let private rowsOf (oldestFirst: HistoryEntry list) =
    oldestFirst |> List.rev |> rows |> List.map describe

test "consecutive failed attempts in a state are one row" (fun () ->
    equal
        [ "4"; "A: 3 attempts, failed twice"; "1" ]
        (rowsOf [ created 1 "A"; failed 2 "A"; failed 3 "A"; passed 4 "A" "B" ])

    equal [ "A: 2 attempts, all failed"; "1" ] (rowsOf [ created 1 "A"; failed 2 "A"; failed 3 "A" ]))

test "attempts are separate rows if another entry is between them or the state differs" (fun () ->
    equal
        [ "4"; "3"; "2"; "1" ]
        (rowsOf [
            created 1 "A"
            failed 2 "A"
            happened 3 "RETRIED" (Some "A") "A"
            failed 4 "A"
        ])

    equal
        [ "B: 2 attempts, all failed"; "A: 2 attempts, all failed" ]
        (rowsOf [ failed 2 "A"; failed 3 "A"; failed 4 "B"; failed 5 "B" ]))

test "attempts that ended with a move by hand did not succeed" (fun () ->
    equal
        [ "4"; "A: 2 attempts, all failed" ]
        (rowsOf [ failed 2 "A"; failed 3 "A"; happened 4 "STATE_CHANGED" (Some "A") "B" ]))

test "an entry concerns the state that was left and the state that was entered" (fun () ->
    let entry = passed 2 "A" "B"
    equal [ true; true; false ] ([ "A"; "B"; "C" ] |> List.map (fun state -> concerns state entry)))

let private page (from: int) (down: int) (next: string option) : HistoryPage = {
    Entries = [ for id in from .. -1 .. down -> passed id "A" "A" ]
    Next = next
}

let private idsOf (held: Held) = held.Entries |> List.map (_.Id >> int)

testLater "newer entries are added before those in memory" (fun () ->
    promise {
        let held: Held = {
            Entries = (page 10 5 None).Entries
            Older = Some "5"
        }

        let! now = refresh (fun _ -> resolved (page 12 9 (Some "9"))) (fun () -> held)
        equal [ 12..-1..5 ] (idsOf now)
        equal (Some "5") now.Older
    })

testLater "pages are read until they overlap the entries in memory" (fun () ->
    promise {
        let held: Held = {
            Entries = (page 4 1 None).Entries
            Older = None
        }

        let read cursor =
            match cursor with
            | None -> resolved (page 8 6 (Some "6"))
            | _ -> resolved (page 5 3 (Some "3"))

        let! now = refresh read (fun () -> held)
        equal [ 8..-1..1 ] (idsOf now)
        equal None now.Older
    })

testLater "after much growth, only the newest page of a history is read and kept" (fun () ->
    promise {
        let requests = ref 0

        let read (_: string option) =
            requests.Value <- requests.Value + 1
            let top = 1000 - requests.Value * 10
            resolved (page top (top - 9) (Some $"{top - 9}"))

        let held: Held = {
            Entries = (page 10 5 None).Entries
            Older = Some "5"
        }

        let! now = refresh read (fun () -> held)
        equal 5 requests.Value
        equal (Some $"{1000 - 50 - 9}") now.Older
    })

test "entries above the limit are dropped and can be read again" (fun () ->
    let held: Held = {
        Entries = (page 10 1 None).Entries
        Older = None
    }

    let now = limited 4 held
    equal [ 10..-1..7 ] (idsOf now)
    equal (Some "7") now.Older
    equal [ 10..-1..1 ] (idsOf (limited 10 held))
    equal None (limited 10 held).Older)

test "entries that the server deleted when the workflow continued anew are dropped" (fun () ->
    let anew id =
        happened id "CONTINUED_ANEW" (Some "A") "A"

    let limitedOf (entries: HistoryEntry list) : Held =
        limited 100 { Entries = entries; Older = Some "1" }

    let first = [ anew 8; passed 7 "A" "A" ]
    equal [ 8; 7 ] (idsOf (limitedOf first))
    equal (Some "1") (limitedOf first).Older

    let third =
        limitedOf [ passed 9 "A" "A"; anew 8; passed 7 "A" "A"; anew 6; passed 5 "A" "A"; anew 4 ]

    equal [ 9; 8; 7; 6 ] (idsOf third)
    equal None third.Older)

testLater "a growing history is kept up to the limit, or as far as it was read" (fun () ->
    let grown (count: int) =
        let held: Held = {
            Entries = (page count 1 None).Entries
            Older = None
        }

        refresh (fun _ -> resolved (page (count + 3) count (Some $"{count}"))) (fun () -> held)

    promise {
        let! now = grown MostHeld
        equal [ MostHeld + 3 .. -1 .. 4 ] (idsOf now)
        equal (Some "4") now.Older
        let! now = grown (MostHeld + 100)
        equal (MostHeld + 100) now.Entries.Length
    })

test "the button for older entries shows the state of the request" (fun () ->
    let text = OlderEntries.text "Older"
    equal "Older" (text OlderEntries.Reading.Idle)
    equal "Reading…" (text OlderEntries.Reading.Underway)
    equal "Could not be read: try again" (text OlderEntries.Reading.Failed))

test "older entries are added after those in memory, without duplicates" (fun () ->
    let held: Held = {
        Entries = (page 10 5 None).Entries
        Older = Some "5"
    }

    let now = extend (page 5 1 None) held
    equal [ 10..-1..1 ] (idsOf now)
    equal None now.Older)

test "a section around an entry is joined from both sides, and used until the position nears its end" (fun () ->
    let newer: HistoryPage = {
        Entries = [ for id in 101..150 -> passed id "A" "A" ]
        Next = Some "150"
    }

    let around = join newer (page 100 51 (Some "51"))
    equal [ 150..-1..51 ] (idsOf around.Held)
    equal false (isShort 100.0 around)
    equal false (isShort 75.0 around)
    equal [ true; true; true; true ] ([ 200.0; 145.0; 55.0; 20.0 ] |> List.map (fun at -> isShort at around))
    equal [ false; true; true; false ] ([ 50.0; 51.0; 150.0; 151.0 ] |> List.map (fun at -> holds at around))
    equal true (holds 151.0 { around with Newer = false }))
