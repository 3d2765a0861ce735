namespace GopherFlow.Server.Tests

open System
open System.Net.Http
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.TestSupport

/// The clock only moves when a test advances it, so a wait that ends was ended by a commit.
module WaitTests =
    let tests =

        let createAndWait server workflowType externalId (further: string) =
            Send.post
                server
                "/api/createAndWait"
                $"""{{"createWorkflowRequest":{Make.body workflowType externalId}{further}}}"""

        /// Polls until the workflow exists: the request that creates it has been sent but has no response yet.
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

        testList "Wait" [
            testCaseTask "createAndWait returns when the state is committed" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let waiting =
                        createAndWait server "Gated" "one" ",\"waitSeconds\":60,\"waitForStates\":[\"Done\"]"

                    do! appears server "one"
                    Expect.isFalse waiting.IsCompleted "is completed"
                    server.OpenGate()
                    let! reply = waiting
                    Expect.equal reply.Status 200 "status"
                    Expect.equal (text reply.Json?state) "Done" "state"
                    Expect.equal (reply.Json?output?answer.GetInt32()) 42 "output"
                    Expect.equal (text reply.Json?status) "FINISHED" "status"
                })

            testCaseTask "without states it waits for the end or a manual state, and durations are optional" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! person = createAndWait server "Order" "one" ""
                    Expect.equal (text person.Json?status) "WAITING" "status"
                    server.OpenGate()

                    let! ended =
                        createAndWait server "Gated" "two" ",\"checkSeconds\":0,\"waitSeconds\":0"

                    Expect.equal (text ended.Json?status) "FINISHED" "status"
                })

            testCaseTask "an external id in use waits for the workflow that has it" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! first = createAndWait server "Order" "one" ""
                    let! second = createAndWait server "Order" "one" ""
                    Expect.equal second.Text first.Text "text"
                })

            testTheoryTask
                "a wait lasts as long as requested, at least a second and at most the limit"
                [ "0", 1.; "-5", 1.; "20", 20.; "1000000", 300. ]
                (fun (waitSeconds: string, expected: float) ->
                    task {
                        use! server = TestServer.StartAsync()
                        let start = server.Clock.GetUtcNow()

                        let waiting =
                            createAndWait
                                server
                                "Gated"
                                "one"
                                $",\"waitSeconds\":{waitSeconds},\"waitForStates\":[\"Done\"]"

                        do! appears server "one"
                        do! server.Clock.AdvanceUntil(TimeSpan.FromMilliseconds 250., waiting)
                        let! reply = waiting
                        Expect.equal reply.Status 504 "status"
                        Expect.equal (text reply.Json?currentState) "Open" "current state"
                        Expect.equal (text reply.Json?currentStatus) "EXECUTING" "current status"
                        Expect.isTrue ((server.Clock.GetUtcNow() - start).TotalSeconds >= expected) "elapsed"
                    })

            testCaseTask "the wait limit is configurable" (fun () ->
                task {
                    use! server = TestServer.StartAsync([ "GFLOW_WEB_MAX_WAIT_SECONDS", "2" ], ignore)

                    let waiting =
                        createAndWait server "Gated" "one" ",\"waitSeconds\":3600,\"waitForStates\":[\"Done\"]"

                    do! appears server "one"
                    do! server.Clock.AdvanceUntil(TimeSpan.FromMilliseconds 250., waiting)
                    let! reply = waiting
                    Expect.equal reply.Status 504 "status"
                })

            testCaseTask "a workflow that ends in another state ends the wait" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    server.OpenGate()

                    let! reply =
                        createAndWait server "Gated" "one" ",\"waitSeconds\":60,\"waitForStates\":[\"Other\"]"

                    Expect.equal reply.Status 409 "status"
                    Expect.equal (text reply.Json?``type``) "urn:gopherflow:problem:workflow-ended" "type"
                    Expect.equal (text reply.Json?currentState) "Done" "current state"
                })

            testCaseTask "stateAndWait moves, sets a variable and waits in one request" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! order = createAndWait server "Order" "one" ""

                    let! reply =
                        Send.post
                            server
                            $"/api/workflows/{order.Json?id.GetInt64()}/stateAndWait"
                            """{"updateWorkflowStateRequest":{"state":"Ship"},"updateStateVarRequest":{"key":"carrier","value":{"name":"snail"}},
                        "fromStates":["Review"],"waitForStates":["Done"],"waitSeconds":60}"""

                    Expect.equal reply.Status 200 "status"
                    Expect.equal (text reply.Json?state) "Done" "state"
                    Expect.equal (text reply.Json?stateVars?carrier?name) "snail" "name"
                })

            testCaseTask "stateAndWait accepts the external id, and durations are optional" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! _ = createAndWait server "Order" "one" ""

                    let! reply =
                        Send.post
                            server
                            "/api/workflows/one/stateAndWait"
                            """{"updateWorkflowStateRequest":{"state":"Refused"}}"""

                    Expect.equal reply.Status 200 "status"
                    Expect.equal (text reply.Json?status) "ERROR" "status"
                })

            testCaseTask "stopping the server ends the waits" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let waiting =
                        createAndWait server "Gated" "one" ",\"waitSeconds\":300,\"waitForStates\":[\"Done\"]"

                    do! appears server "one"
                    let stopping = server.StopAsync()
                    let! reply = waiting
                    Expect.equal reply.Status 503 "status"
                    Expect.equal (text reply.Json?``type``) "urn:gopherflow:problem:stopping" "type"
                    do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., stopping)
                    Expect.isEmpty (server.Logged |> List.filter (fun line -> line.Text.Contains "/api")) "logged"
                })

            testCaseTask "a disconnected client ends its wait and is not logged as a failure" (fun () ->
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
                    let! _ = Expect.throwsTask<OperationCanceledException>(fun () -> waiting)
                    let! reply = Send.get server "/api/workflowByExternalId/one"
                    Expect.equal reply.Status 200 "status"
                    Expect.isEmpty (server.Logged |> List.filter (fun line -> line.Text.Contains "/api")) "logged"
                })
        ]
