namespace GopherFlow.Server.Tests

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Xunit

/// The clock stands still here unless a test moves it, so a wait that ends was ended by a commit.
type WaitTests() =

    let createAndWait server workflowType externalId (further: string) =
        Send.post
            server
            "/api/createAndWait"
            $"""{{"createWorkflowRequest":{Make.body workflowType externalId}{further}}}"""

    /// Asks for it until it is there: what the test waits for has been sent, yet not answered.
    let appears (server: TestServer) externalId =
        let isMissing () =
            task {
                let! found = server.Store.FindByExternalIdAsync(externalId, CancellationToken.None)
                do! Task.Yield()
                return isNull found
            }

        task {
            while! isMissing () do
                ()
        }

    [<Fact>]
    member _.``createAndWait is answered when the state is committed``() =
        task {
            use! server = TestServer.StartAsync()

            let waiting =
                createAndWait server "Gated" "one" ",\"waitSeconds\":60,\"waitForStates\":[\"Done\"]"

            do! appears server "one"
            Assert.False waiting.IsCompleted
            server.OpenGate()
            let! reply = waiting
            Assert.Equal(200, reply.Status)
            Assert.Equal("Done", text reply.Json?state)
            Assert.Equal("FINISHED", text reply.Json?status)
        }

    [<Fact>]
    member _.``without states it waits until the end or for a person, and needs no times``() =
        task {
            use! server = TestServer.StartAsync()
            let! person = createAndWait server "Order" "one" ""
            Assert.Equal("WAITING", text person.Json?status)
            server.OpenGate()

            let! ended =
                createAndWait server "Gated" "two" ",\"checkSeconds\":0,\"waitSeconds\":0"

            Assert.Equal("FINISHED", text ended.Json?status)
        }

    [<Fact>]
    member _.``an external id in use waits for the workflow that has it``() =
        task {
            use! server = TestServer.StartAsync()
            let! first = createAndWait server "Order" "one" ""
            let! second = createAndWait server "Order" "one" ""
            Assert.Equal(first.Text, second.Text)
        }

    [<Theory>]
    [<InlineData("0", 1.)>]
    [<InlineData("-5", 1.)>]
    [<InlineData("20", 20.)>]
    [<InlineData("1000000", 300.)>]
    member _.``a wait lasts as long as asked for, at least a second, at most the limit``
        (waitSeconds: string)
        (expected: float)
        =
        task {
            use! server = TestServer.StartAsync()
            let start = server.Clock.GetUtcNow()

            let waiting =
                createAndWait server "Gated" "one" $",\"waitSeconds\":{waitSeconds},\"waitForStates\":[\"Done\"]"

            do! appears server "one"
            do! server.Clock.AdvanceUntil(TimeSpan.FromMilliseconds 250., waiting)
            let! reply = waiting
            Assert.Equal(504, reply.Status)
            Assert.Equal("Open", text reply.Json?currentState)
            Assert.Equal("EXECUTING", text reply.Json?currentStatus)
            Assert.True((server.Clock.GetUtcNow() - start).TotalSeconds >= expected)
        }

    [<Fact>]
    member _.``the limit of waits can be set``() =
        task {
            use! server = TestServer.StartAsync([ "GFLOW_WEB_MAX_WAIT_SECONDS", "2" ], ignore)

            let waiting =
                createAndWait server "Gated" "one" ",\"waitSeconds\":3600,\"waitForStates\":[\"Done\"]"

            do! appears server "one"
            do! server.Clock.AdvanceUntil(TimeSpan.FromMilliseconds 250., waiting)
            let! reply = waiting
            Assert.Equal(504, reply.Status)
        }

    [<Fact>]
    member _.``a workflow that ends elsewhere ends the wait``() =
        task {
            use! server = TestServer.StartAsync()
            server.OpenGate()

            let! reply =
                createAndWait server "Gated" "one" ",\"waitSeconds\":60,\"waitForStates\":[\"Other\"]"

            Assert.Equal(409, reply.Status)
            Assert.Equal("urn:gopherflow:problem:workflow-ended", text reply.Json?``type``)
            Assert.Equal("Done", text reply.Json?currentState)
        }

    [<Fact>]
    member _.``stateAndWait moves, sets a variable, and waits, in one``() =
        task {
            use! server = TestServer.StartAsync()
            let! order = createAndWait server "Order" "one" ""

            let! reply =
                Send.post
                    server
                    $"/api/workflows/{order.Json?id.GetInt64()}/stateAndWait"
                    """{"updateWorkflowStateRequest":{"state":"Ship"},"updateStateVarRequest":{"key":"carrier","value":{"name":"snail"}},
                        "fromStates":["Review"],"waitForStates":["Done"],"waitSeconds":60}"""

            Assert.Equal(200, reply.Status)
            Assert.Equal("Done", text reply.Json?state)
            Assert.Equal("snail", text reply.Json?stateVars?carrier?name)
        }

    [<Fact>]
    member _.``stateAndWait takes the external id, and no times``() =
        task {
            use! server = TestServer.StartAsync()
            let! _ = createAndWait server "Order" "one" ""

            let! reply =
                Send.post
                    server
                    "/api/workflows/one/stateAndWait"
                    """{"updateWorkflowStateRequest":{"state":"Refused"}}"""

            Assert.Equal(200, reply.Status)
            Assert.Equal("ERROR", text reply.Json?status)
        }

    [<Fact>]
    member _.``a stop of the server ends the waits``() =
        task {
            use! server = TestServer.StartAsync()

            let waiting =
                createAndWait server "Gated" "one" ",\"waitSeconds\":300,\"waitForStates\":[\"Done\"]"

            do! appears server "one"
            let stopping = server.StopAsync()
            let! reply = waiting
            Assert.Equal(503, reply.Status)
            Assert.Equal("urn:gopherflow:problem:stopping", text reply.Json?``type``)
            do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., stopping)
            Assert.Empty(server.Logged |> List.filter (fun line -> line.Text.Contains "/api"))
        }

    [<Fact>]
    member _.``a client that goes away ends its wait, and is no failure``() =
        task {
            use! server = TestServer.StartAsync()
            use leaving = new CancellationTokenSource()
            use request = new HttpRequestMessage(HttpMethod.Post, "/api/createAndWait")

            request.Content <-
                Send.json
                    $"""{{"createWorkflowRequest":{Make.body "Gated" "one"},"waitSeconds":300,"waitForStates":["Done"]}}"""

            Send.asAdmin request
            let waiting = server.Http.SendAsync(request, leaving.Token)
            do! appears server "one"
            leaving.Cancel()
            let! _ = Assert.ThrowsAnyAsync<OperationCanceledException>(fun () -> waiting)
            let! reply = Send.get server "/api/workflowByExternalId/one"
            Assert.Equal(200, reply.Status)
            Assert.Empty(server.Logged |> List.filter (fun line -> line.Text.Contains "/api"))
        }
