module GopherFlow.Client.Tests.RouterTest

open GopherFlow.Client
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api

let private pages = [
    Router.Workflow 12.0
    Router.StartChoice
    Router.Start "Demo/Work flow"
    Router.Definitions
    Router.Definition "Größe & Co"
    Router.Scripts
    Router.Script "Größe-2"
    Router.Executors
    Router.Dashboard
    Router.Jobs
    Router.Job 3.0
    Router.Schedules
    Router.Schedule "nightly.2"
    Router.Users
    Router.User 4.0
    Router.Account
    Router.Audit []
    Router.Settings
]

for page in pages do
    test $"the address of a page leads to it: {Router.address page}" (fun () ->
        equal page (Router.parse (Router.address page) ""))

test "an older version has its own address" (fun () ->
    let page = Router.DefinitionVersion("Demo flow", "1a2b&3")
    equal "/definitions/Demo%20flow?version=1a2b%263" (Router.address page)
    equal page (Router.parse "/definitions/Demo%20flow" "?version=1a2b%263")
    equal (Router.Definition "Demo") (Router.parse "/definitions/Demo" "?version="))

test "the root is the dashboard" (fun () -> equal Router.Dashboard (Router.parse "/" ""))

test "the address of the audit log contains its filter" (fun () ->
    let page = Router.Audit [ "actor", "anna & co"; "action", "workflow.cancel" ]
    equal "/audit?actor=anna%20%26%20co&action=workflow.cancel" (Router.address page)
    equal page (Router.parse "/audit" "?actor=anna%20%26%20co&action=workflow.cancel"))

test "an invalid id is an unknown page" (fun () ->
    equal (Router.Unknown "/workflows/abc") (Router.parse "/workflows/abc" "")
    equal (Router.Unknown "/workflows/1.5") (Router.parse "/workflows/1.5" ""))

test "a percent sign that begins no escape is kept" (fun () ->
    equal (Router.Script "100%") (Router.parse "/scripts/100%" "")
    equal (Router.Script "100%") (Router.parse (Router.address (Router.Script "100%")) "")
    equal (Router.Unknown "/nowhere/%E0%A4%A") (Router.parse "/nowhere/%E0%A4%A" ""))
