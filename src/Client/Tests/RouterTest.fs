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
    Router.Executors
]

for page in pages do
    test $"a page is found by its address: {Router.address page}" (fun () ->
        equal page (Router.parse (Router.address page) ""))

test "the root is the list of workflows" (fun () -> equal (Router.Workflows WorkflowFilter.empty) (Router.parse "/" ""))

test "an id that is none is no page" (fun () ->
    equal (Router.Unknown "/workflows/abc") (Router.parse "/workflows/abc" "")
    equal (Router.Unknown "/workflows/1.5") (Router.parse "/workflows/1.5" ""))
