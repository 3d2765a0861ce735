namespace GopherFlow.Server.Tests

open System
open System.Threading
open GopherFlow.Server
open Xunit

type WorkflowTests(shared: SharedServer) =
    let server = shared.Server

    [<Fact>]
    member _.``a created workflow runs, and is found by id and by external id``() =
        task {
            let externalId = Make.newId ()

            let! created =
                Send.post
                    server
                    "/api/workflows"
                    $"""{{"externalId":"{externalId}","executorGroup":"default","workflowType":"Order","businessKey":"order 7",
                         "priority":2,"stateVars":{{"text":"7","number":7,"nested":{{"list":[1,null,"x"]}},"createdBy":"forged"}}}}"""

            Assert.Equal(200, created.Status)
            let id = created.Json?id.GetInt64()
            let! arrived = Make.workflowIn server "Order" "Review" externalId
            Assert.Equal(id, arrived?id.GetInt64())
            let! byId = Send.get server $"/api/workflows/{id}"
            let! byExternalId = Send.get server $"/api/workflowByExternalId/{externalId}"
            Assert.Equal(byId.Text, byExternalId.Text)
            let workflow = byId.Json
            Assert.Equal("WAITING", text workflow?status)
            Assert.Equal("Review", text workflow?state)
            Assert.Equal("person", text workflow?waitsFor)
            Assert.Equal("Order", text workflow?workflowType)
            Assert.Equal("order 7", text workflow?businessKey)
            Assert.Equal("default", text workflow?executorGroup)
            Assert.Equal(TestWorkflows.order.Version, text workflow?version)
            Assert.Equal(2, workflow?priority.GetInt32())
            Assert.Equal(1, workflow?executionCount.GetInt32())
            Assert.Equal(0, workflow?retryCount.GetInt32())
            Assert.Equal(0, workflow?openChildren.GetInt32())

            for missing in [ "nextActivation"; "finished"; "executorId"; "parentWorkflowId" ] do
                Assert.True(isJsonNull (workflow.GetProperty missing), missing)

            for instant in [ "created"; "modified"; "started" ] do
                Assert.Equal("2026-11-22T19:00:00.000000Z", text (workflow.GetProperty instant))

            let variables = workflow?stateVars
            Assert.Equal("7", text variables?text)
            Assert.Equal(7, variables?number.GetInt32())
            Assert.Equal("""{"list":[1,null,"x"]}""", variables?nested.GetRawText())
            Assert.Equal("admin", text variables?createdBy)
        }

    [<Fact>]
    member _.``an external id in use gives the workflow that has it, unchanged``() =
        task {
            let externalId = Make.newId ()
            let! first = Make.workflow server "Order" externalId
            let! before = Make.count server
            let! second = Make.workflow server "Sleeper" externalId
            let! after = Make.count server
            Assert.Equal(first, second)
            Assert.Equal(before, after)
            let! workflow = Send.get server $"/api/workflows/{first}"
            Assert.Equal("Order", text workflow.Json?workflowType)
        }

    [<Fact>]
    member _.``ids with slashes, blanks and percent signs are found``() =
        task {
            for externalId in [ "order/7"; "order 7"; "50%25"; "50%2F"; "ö/?#" ] do
                let externalId = externalId + Make.newId ()
                let! id = Make.workflow server "Order" externalId
                let escaped = Uri.EscapeDataString externalId
                let! reply = Send.get server $"/api/workflowByExternalId/{escaped}"
                Assert.Equal(200, reply.Status)
                Assert.Equal(id, reply.Json?id.GetInt64())

                let! set =
                    Send.post server $"/api/workflows/{escaped}/statevars" """{"key":"a","value":"b"}"""

                Assert.Equal(200, set.Status)
        }

    [<Fact>]
    member _.``names of fields match whatever their case``() =
        task {
            let body = (Make.body "Order" (Make.newId ())).Replace("externalId", "ExternalID")
            let! reply = Send.post server "/api/workflows" body
            Assert.Equal(200, reply.Status)
        }

    [<Theory>]
    [<InlineData("nextActivation", "2026-11-22T21:30:00+01:00")>]
    [<InlineData("nextActivationOffset", "1 hour 30 minutes")>]
    member _.``a workflow may be due later`` (field: string) (value: string) =
        task {
            let externalId = Make.newId ()

            let body =
                (Make.body "Order" externalId).TrimEnd('}') + $",\"{field}\":\"{value}\"}}"

            let! reply = Send.post server "/api/workflows" body
            Assert.Equal(200, reply.Status)
            let! workflow = Send.get server $"/api/workflowByExternalId/{externalId}"
            Assert.Equal("NEW", text workflow.Json?status)
            Assert.Equal("activation", text workflow.Json?waitsFor)
            Assert.Equal("2026-11-22T20:30:00.000000Z", text workflow.Json?nextActivation)
        }

    [<Fact>]
    member _.``a workflow says what it waits for``() =
        task {
            let! sleeper = Make.workflowIn server "Sleeper" "Wake" (Make.newId ())
            Assert.Equal("IN_PROGRESS", text sleeper?status)
            Assert.Equal("activation", text sleeper?waitsFor)
            let! parent = Make.workflowIn server "Parent" "Join" (Make.newId ())
            Assert.Equal("children", text parent?waitsFor)
            Assert.Equal(1, parent?openChildren.GetInt32())

            let! other =
                Send.post
                    server
                    "/api/workflows"
                    ((Make.body "Order" (Make.newId ())).Replace("default", "a group that nobody serves"))

            let! unowned = Send.get server $"/api/workflows/{other.Json?id.GetInt64()}"
            Assert.Equal("executor", text unowned.Json?waitsFor)
        }

    [<Theory>]
    [<InlineData("/api/workflows/987654321", "id")>]
    [<InlineData("/api/workflowByExternalId/nobody", "externalId")>]
    [<InlineData("/api/actions/byWorkflowId/987654321", "id")>]
    [<InlineData("/api/definitions/Nothing", "name")>]
    member _.``what is not there is 404 and named`` (path: string) (field: string) =
        task {
            let! reply = Send.get server path
            Assert.Equal(404, reply.Status)
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    interface IClassFixture<SharedServer>
