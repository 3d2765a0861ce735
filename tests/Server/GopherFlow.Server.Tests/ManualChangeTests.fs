namespace GopherFlow.Server.Tests

open Xunit

type ManualChangeTests(shared: SharedServer) =
    let server = shared.Server

    let waitFor (id: int64) state =
        task {
            let! reply = Send.get server $"/api/workflows/{id}"
            let externalId = text reply.Json?externalId
            return! Make.workflowIn server (text reply.Json?workflowType) state externalId
        }

    [<Fact>]
    member _.``a workflow is moved by hand, and the history says by whom``() =
        task {
            let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
            let id = order?id.GetInt64()
            let! reply = Send.post server $"/api/workflows/{id}/state" """{"state":"Ship"}"""
            Assert.Equal(200, reply.Status)
            Assert.True(reply.Json?ok.GetBoolean())
            let! finished = waitFor id "Done"
            Assert.Equal("FINISHED", text finished?status)
            Assert.False(isJsonNull finished?finished)
            let! actions = Send.get server $"/api/actions/byWorkflowId/{id}"
            Assert.Contains("by admin", actions.Text)
        }

    [<Fact>]
    member _.``a state that runs may be due later``() =
        task {
            let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
            let id = order?id.GetInt64()

            let! reply =
                Send.post
                    server
                    $"/api/workflows/{id}/state"
                    """{"state":"Ship","nextActivation":"2027-01-01T00:00:00Z"}"""

            Assert.Equal(200, reply.Status)
            let! moved = Send.get server $"/api/workflows/{id}"
            Assert.Equal("2027-01-01T00:00:00.000000Z", text moved.Json?nextActivation)
            Assert.Equal("activation", text moved.Json?waitsFor)
        }

    [<Fact>]
    member _.``the external id names the workflow where no id does``() =
        task {
            let externalId = Make.newId ()
            let! order = Make.workflowIn server "Order" "Review" externalId

            let! reply =
                Send.post server $"/api/workflows/{externalId}/state" """{"state":"Refused"}"""

            Assert.Equal(200, reply.Status)
            let! moved = Send.get server $"/api/workflows/{order?id.GetInt64()}"
            Assert.Equal("ERROR", text moved.Json?status)
        }

    [<Fact>]
    member _.``a variable may have any JSON value, and a text stays a text``() =
        task {
            let! id = Make.workflow server "Order" (Make.newId ())

            for value in [ "\"5\""; "5"; "true"; "null"; "[1,2]"; """{"a":{"b":"c"}}""" ] do
                let! reply =
                    Send.post server $"/api/workflows/{id}/statevars" $"""{{"key":"v","value":{value}}}"""

                Assert.Equal(200, reply.Status)
                let! workflow = Send.get server $"/api/workflows/{id}"
                Assert.Equal(value, workflow.Json?stateVars?v.GetRawText())
                Assert.Equal("admin", text workflow.Json?stateVars?createdBy)
        }

    [<Theory>]
    [<InlineData("state", """{"state":"Ship"}""")>]
    [<InlineData("statevars", """{"key":"a","value":1}""")>]
    [<InlineData("stateAndWait", """{"updateWorkflowStateRequest":{"state":"Ship"}}""")>]
    member _.``a workflow that is not there is 404`` (route: string) (body: string) =
        task {
            for id in [ "987654321"; "nobody" ] do
                let! reply = Send.post server $"/api/workflows/{id}/{route}" body
                Assert.Equal(404, reply.Status)
                Assert.Equal<string list>([ "id" ], Send.faultyFields reply)
        }

    interface IClassFixture<SharedServer>
