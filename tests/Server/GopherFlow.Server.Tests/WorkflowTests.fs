namespace GopherFlow.Server.Tests

open System
open System.Text.Json
open System.Threading.Tasks
open System.Threading
open GopherFlow.Server
open Expecto
open GopherFlow.TestSupport

module WorkflowTests =
    let tests (server: TestServer) =

        testList "Workflow" [
            testCaseTask "a created workflow runs and can be read by id and external id" (fun () ->
                task {
                    let externalId = Make.newId ()

                    let! created =
                        Send.post
                            server
                            "/api/workflows"
                            $"""{{"externalId":"{externalId}","executorGroup":"default","workflowType":"Order","businessKey":"order 7",
                         "priority":2,"stateVars":{{"text":"7","number":7,"nested":{{"list":[1,null,"x"]}},"createdBy":"forged"}}}}"""

                    Expect.equal created.Status 201 "status"
                    Expect.equal (created.Header "Location") $"/api/workflows/{created.Json?id.GetInt64()}" "location"
                    let id = created.Json?id.GetInt64()
                    let! arrived = (Make.arrival server id "Review").WaitAsync(TimeSpan.FromSeconds 30.)
                    Expect.equal (arrived?id.GetInt64()) id "id"
                    let! byId = Send.get server $"/api/workflows/{id}"
                    let! byExternalId = Send.get server $"/api/workflowByExternalId/{externalId}"
                    Expect.equal byExternalId.Text byId.Text "text"
                    let workflow = byId.Json
                    Expect.equal (text workflow?status) "WAITING" "status"
                    Expect.equal (text workflow?state) "Review" "state"
                    Expect.equal (text workflow?waitsFor) "person" "waits for"
                    Expect.equal (text workflow?workflowType) "Order" "workflow type"
                    Expect.equal (text workflow?businessKey) "order 7" "business key"
                    Expect.equal (text workflow?executorGroup) "default" "executor group"
                    Expect.equal (text workflow?version) TestWorkflows.order.Version "version"
                    Expect.equal (workflow?priority.GetInt32()) 2 "priority"
                    Expect.equal (workflow?executionCount.GetInt32()) 1 "execution count"
                    Expect.equal (workflow?retryCount.GetInt32()) 0 "retry count"
                    Expect.equal (workflow?openChildren.GetInt32()) 0 "open children"

                    for missing in [ "nextActivation"; "finished"; "executorId"; "parentWorkflowId" ] do
                        Expect.isTrue (isJsonNull (workflow.GetProperty missing)) missing

                    for instant in [ "created"; "modified"; "started" ] do
                        Expect.equal (text (workflow.GetProperty instant)) "2026-11-22T19:00:00.000000Z" "instant"

                    let variables = workflow?stateVars
                    Expect.equal (text variables?text) "7" "text"
                    Expect.equal (variables?number.GetInt32()) 7 "number"
                    Expect.equal (variables?nested.GetRawText()) """{"list":[1,null,"x"]}""" "nested"
                    Expect.equal (text variables?createdBy) "admin" "created by"
                })

            testCaseTask "creating with an existing external id returns that workflow unchanged" (fun () ->
                task {
                    let externalId = Make.newId ()
                    let! first = Make.workflow server "Order" externalId
                    let! before = Make.count server
                    let! again = Send.post server "/api/workflows" (Make.body "Order" externalId)
                    let! after = Make.count server
                    Expect.equal again.Status 200 "status"
                    Expect.equal (again.Json?id.GetInt64()) first "the same"
                    Expect.isTrue (again.Json?existed.GetBoolean()) "existed"
                    Expect.equal after before "after"
                })

            testTheoryTask
                "an external id of a different workflow type or business key is a conflict"
                [ "Order", "Sleeper", "workflowType"; "key of", "other key of", "businessKey" ]
                (fun (existing: string, requested: string, field: string) ->
                    task {
                        let externalId = Make.newId ()
                        let! first = Make.workflow server "Order" externalId
                        let body = (Make.body "Order" externalId).Replace(existing, requested)
                        let! reply = Send.post server "/api/workflows" body
                        Expect.equal reply.Status 409 "status"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid field"
                        Expect.stringContains reply.Text (string first) "the id of the existing workflow"

                        let! waiting =
                            Send.post
                                server
                                "/api/createAndWait"
                                $"""{{"createWorkflowRequest":{body},"waitSeconds":300}}"""

                        Expect.equal waiting.Status 409 "createAndWait"
                    })

            testCaseTask "an idempotency key is used as the external id" (fun () ->
                task {
                    let key = Make.newId ()
                    let body = (Make.body "Order" "x").Replace("\"externalId\":\"x\",", "")

                    let send () =
                        Send.send
                            server
                            (fun request ->
                                Send.asAdmin request
                                Send.withHeader "Idempotency-Key" key request)
                            "POST"
                            "/api/workflows"
                            (Send.json body)

                    let! first = send ()
                    let! second = send ()
                    Expect.equal (first.Status, second.Status) (201, 200) "created once"
                    let! found = Send.get server $"/api/workflowByExternalId/{key}"
                    Expect.equal (found.Json?id.GetInt64()) (second.Json?id.GetInt64()) "the same"
                    let! without = Send.post server "/api/workflows" body
                    Expect.equal without.Status 400 "without a key"
                    Expect.equal (Send.invalidFields without) [ "externalId" ] "the missing field"
                })

            testCaseTask "a group without an executor gives a warning" (fun () ->
                task {
                    let! served = Send.post server "/api/workflows" (Make.body "Order" (Make.newId ()))
                    Expect.isEmpty (items served.Json?warnings) "served"

                    let! unserved =
                        Send.post
                            server
                            "/api/workflows"
                            ((Make.body "Order" (Make.newId ())).Replace("\"default\"", "\"defualt\""))

                    Expect.equal unserved.Status 201 "status"

                    Expect.equal
                        (items unserved.Json?warnings |> List.map text)
                        [ "No executor serves the group 'defualt' now: executors serve default." ]
                        "warnings"
                })

            testCaseTask "external ids with slashes, spaces and percent signs are found" (fun () ->
                task {
                    for externalId in [ "order/7"; "order 7"; "50%25"; "50%2F"; "ö/?#" ] do
                        let externalId = externalId + Make.newId ()
                        let! id = Make.workflow server "Order" externalId
                        let escaped = Uri.EscapeDataString externalId
                        let! reply = Send.get server $"/api/workflowByExternalId/{escaped}"
                        Expect.equal reply.Status 200 "status"
                        Expect.equal (reply.Json?id.GetInt64()) id "id"

                        let! set =
                            Send.post server $"/api/workflows/{escaped}/statevars" """{"key":"a","value":"b"}"""

                        Expect.equal set.Status 200 "status"
                })

            testCaseTask "field names are case-insensitive" (fun () ->
                task {
                    let body = (Make.body "Order" (Make.newId ())).Replace("externalId", "ExternalID")
                    let! reply = Send.post server "/api/workflows" body
                    Expect.equal reply.Status 201 "status"
                })

            testTheoryTask
                "a workflow can be scheduled for later"
                [
                    "nextActivation", "2026-11-22T21:30:00+01:00"
                    "nextActivationOffset", "1 hour 30 minutes"
                ]
                (fun (field: string, value: string) ->
                    task {
                        let externalId = Make.newId ()

                        let body =
                            (Make.body "Order" externalId).TrimEnd('}') + $",\"{field}\":\"{value}\"}}"

                        let! reply = Send.post server "/api/workflows" body
                        Expect.equal reply.Status 201 "status"
                        let! workflow = Send.get server $"/api/workflowByExternalId/{externalId}"
                        Expect.equal (text workflow.Json?status) "NEW" "status"
                        Expect.equal (text workflow.Json?waitsFor) "activation" "waits for"

                        Expect.equal
                            (text workflow.Json?nextActivation)
                            "2026-11-22T20:30:00.000000Z"
                            "next activation"
                    })

            testCaseTask "a workflow that waits for a retry shows its last error" (fun () ->
                task {
                    let! broken = Make.workflowIn server "Broken" "Init" (Make.newId ())

                    let rec afterItsAttempt () : Task<JsonElement> =
                        task {
                            let! reply = Send.get server $"/api/workflows/{broken?id.GetInt64()}"

                            let! next =
                                if isJsonNull reply.Json?lastError then
                                    afterItsAttempt ()
                                else
                                    Task.FromResult reply.Json

                            return next
                        }

                    let! failed = (afterItsAttempt ()).WaitAsync(TimeSpan.FromSeconds 30.)
                    Expect.equal (text failed?waitsFor) "retry" "waits for"
                    Expect.equal (text failed?lastError) "InvalidOperationException: no paper" "last error"
                    Expect.equal (failed?retryCount.GetInt32()) 1 "failed attempts"
                })

            testCaseTask "a workflow shows the signals it waits for" (fun () ->
                task {
                    let! waiting = Make.workflowIn server "Unpaid" "Ship" (Make.newId ())
                    Expect.equal (text waiting?waitsFor) "signal" "waits for"

                    Expect.equal
                        [ for name in waiting?awaitedSignals.EnumerateArray() -> name.GetString() ]
                        [ "paid" ]
                        "signals"

                    Expect.equal (text waiting?deadlineState) "Done" "deadline state"
                })

            testCaseTask "waitsFor shows activation, children or executor" (fun () ->
                task {
                    let! sleeper = Make.workflowIn server "Sleeper" "Wake" (Make.newId ())
                    Expect.equal (text sleeper?status) "IN_PROGRESS" "status"
                    Expect.equal (text sleeper?waitsFor) "activation" "waits for"
                    let! parent = Make.workflowIn server "Parent" "Join" (Make.newId ())
                    Expect.equal (text parent?waitsFor) "children" "waits for"
                    Expect.equal (parent?openChildren.GetInt32()) 1 "open children"

                    let! other =
                        Send.post
                            server
                            "/api/workflows"
                            ((Make.body "Order" (Make.newId ())).Replace("default", "a group that nobody serves"))

                    let! unowned = Send.get server $"/api/workflows/{other.Json?id.GetInt64()}"
                    Expect.equal (text unowned.Json?waitsFor) "executor" "waits for"
                })

            testTheoryTask
                "an unknown id or name is 404 with the field"
                [
                    "/api/workflows/987654321", "id"
                    "/api/workflowByExternalId/nobody", "externalId"
                    "/api/actions/byWorkflowId/987654321", "id"
                    "/api/definitions/Nothing", "name"
                ]
                (fun (path: string, field: string) ->
                    task {
                        let! reply = Send.get server path
                        Expect.equal reply.Status 404 "status"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })
        ]
