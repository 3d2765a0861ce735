module GopherFlow.Client.Tests.FilterTest

open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Tests.Vitest
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.WorkflowFilter

let private filters = [
    empty
    { empty with Text = "42" }
    { empty with Text = "a b&c=d/ü?" }
    { empty with Type = "DemoWorkflow" }
    { empty with Status = Some InProgress }
    { empty with State = "Review" }
    {
        Text = "order 7"
        Type = "Demo"
        Status = Some Failed
        State = "Init"
        Cursor = Some "1200"
    }
]

let private thereAndBack (filter: WorkflowFilter) =
    let address = Router.address (Router.Workflows filter)

    match address.IndexOf '?' with
    | -1 -> Router.parse address ""
    | at -> Router.parse (address.Substring(0, at)) (address.Substring at)

for filter in filters do
    test $"a filter comes back from the address bar: {Router.address (Router.Workflows filter)}" (fun () ->
        equal (Router.Workflows filter) (thereAndBack filter))

test "what the address bar cannot mean is left out" (fun () ->
    equal (Router.Workflows empty) (Router.parse "/workflows" "?status=DONE&before=x&other=1"))

let private search filter = JS.JSON.stringify (toSearch 50 filter)

test "a number is searched as an id too" (fun () ->
    equal """{"limit":50,"externalId":"42","businessKey":"42","id":42}""" (search { empty with Text = " 42 " }))

test "a text is searched as external id and business key" (fun () ->
    equal """{"limit":50,"externalId":"abc","businessKey":"abc"}""" (search { empty with Text = "abc" }))

test "the other filters go by their names on the wire" (fun () ->
    equal
        """{"limit":50,"workflowType":"Demo","status":"IN_PROGRESS","state":"Review","cursor":"9"}"""
        (search {
            Text = ""
            Type = "Demo"
            Status = Some InProgress
            State = "Review"
            Cursor = Some "9"
        }))

test "a position in the list is no filter" (fun () ->
    isTrue "older pages are not narrow" (not (isNarrow { empty with Cursor = Some "9" }))
    isTrue "a type is" (isNarrow { empty with Type = "Demo" }))
