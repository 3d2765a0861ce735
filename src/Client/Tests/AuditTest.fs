module GopherFlow.Client.Tests.AuditTest

open Fable.Core
open GopherFlow.Client
open GopherFlow.Client.Pages.Audit
open GopherFlow.Client.Pages.Audit.Model
open GopherFlow.Client.Tests.Vitest

let private json (text: string) : obj option = Some(JS.JSON.parse text)

test "the filter is read from the address and written back to it" (fun () ->
    let pairs = [
        "actor", "ann"
        "action", "workflow."
        "targetKind", "workflow"
        "targetId", "12"
        "from", "2026-11-26T02:00:00.000Z"
        "cursor", "77"
    ]

    equal pairs (Update.toPairs (Update.ofPairs pairs))
    equal [] (Update.toPairs (Update.ofPairs [ "unknown", "x"; "from", "no time" ])))

test "a new filter starts at the newest entry" (fun () ->
    let model = Update.init (Update.ofPairs [ "actor", "ann"; "cursor", "77" ])

    let model = model |> Update.update (Edit { model.Draft with Actor = "bob" }) |> fst

    equal [ Go(Router.Audit [ "actor", "bob" ]) ] (Update.update Apply model |> snd)
    equal [ Go(Router.Audit [ "actor", "ann" ]) ] (Update.update Newest model |> snd))

test "paging to older entries keeps the applied filter" (fun () ->
    let model = Update.init (Update.ofPairs [ "actor", "ann" ])
    equal [ Go(Router.Audit [ "actor", "ann"; "cursor", "5" ]) ] (Update.update (Older "5") model |> snd))

let private shape (changes: Describe.Change list) =
    changes |> List.map (fun change -> change.Name, change.Before, change.After)

test "a change shows only the fields that differ" (fun () ->
    let before = json """{"role":"viewer","enabled":true,"displayName":null}"""
    let after = json """{"role":"operator","enabled":true,"displayName":"Ann"}"""

    equal
        [ "role", Some "viewer", Some "operator"; "display name", None, Some "Ann" ]
        (Describe.changes before after |> shape))

test "a creation shows every field that has a value" (fun () ->
    equal
        [ "name", None, Some "k"; "limits", None, Some "[1,2]" ]
        (Describe.changes None (json """{"name":"k","expires":null,"limits":[1,2]}""")
         |> shape)

    equal [ "", None, Some "text" ] (Describe.changes None (json "\"text\"") |> shape))

test "targets link to their pages" (fun () ->
    equal (Some(Router.Workflow 12.0)) (Describe.page "workflow" "12")
    equal (Some(Router.Script "Loan")) (Describe.page "script" "Loan")
    equal None (Describe.page "apiKey" "3")
    equal None (Describe.page "workflow" ""))

test "an unknown action is shown unchanged" (fun () ->
    equal "Cancelled" (Describe.action "workflow.cancel")
    equal "Imported workflows" (Describe.action "workflow.import")
    equal "moon.land" (Describe.action "moon.land"))
