module GopherFlow.Client.Tests.EventsTest

open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types

let private change (id: float) (parent: float option) =
    WorkflowChanged {
        Id = id
        ParentWorkflowId = parent
        WorkflowType = "Demo"
    }

test "events of the stream are read" (fun () ->
    equal (Some Hello) (LiveEvents.read "hello" """{"version":"0.1.0"}""")
    equal (Some Resync) (LiveEvents.read "resync" "{}")
    equal (Some(DefinitionChanged "Demo")) (LiveEvents.read "definition" """{"name":"Demo","version":"2"}""")

    equal
        (Some(change 7.0 (Some 3.0)))
        (LiveEvents.read "workflow" """{"id":7,"workflowType":"Demo","parentWorkflowId":3,"status":"NEW"}"""))

test "what cannot be read is no event" (fun () ->
    equal None (LiveEvents.read "workflow" "{}")
    equal None (LiveEvents.read "weather" "{}"))

let private touched events key =
    Queries.touches (List.fold Queries.add Queries.nothing events) key

test "a change touches the workflow, its history and every list" (fun () ->
    let touched = touched [ change 7.0 None ]
    isTrue "workflow" (touched [ "workflow"; "7" ])
    isTrue "history" (touched [ "actions"; "7" ])
    isTrue "list" (touched [ "workflows"; "type=Demo" ])
    isTrue "not another workflow" (not (touched [ "workflow"; "8" ]))
    isTrue "not a definition" (not (touched [ "definition"; "Demo" ])))

test "a change of a child touches its parent and the parent's list of children" (fun () ->
    let touched = touched [ change 7.0 (Some 3.0) ]
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

test "a change of scripts touches what is shown of scripts" (fun () ->
    equal (Some ScriptsChanged) (LiveEvents.read "scripts" "{}")
    let touched = touched [ ScriptsChanged ]
    isTrue "list" (touched [ "scripts" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "not a definition" (not (touched [ "definition"; "Demo" ])))

test "a change of a workflow touches the counts of its definition" (fun () ->
    let touched = touched [ change 7.0 None ]
    isTrue "versions" (touched [ "versions"; "Demo" ])
    isTrue "script" (touched [ "script"; "Demo" ])
    isTrue "scripts" (touched [ "scripts" ])
    isTrue "not another's" (not (touched [ "versions"; "Other" ]))
    isTrue "not the drawing" (not (touched [ "definition"; "Demo"; "1" ])))

test "after a gap everything is fetched again but the session" (fun () ->
    for event in [ Hello; Resync ] do
        isTrue "workflow" (touched [ event ] [ "workflow"; "8" ])
        isTrue "executors" (touched [ event ] [ "executors" ])
        isTrue "not the session" (not (touched [ event ] [ "session" ])))
