namespace GopherFlow.Server.Tests

open Expecto
open GopherFlow.TestSupport

module ManualChangeTests =
    let tests (server: TestServer) =

        let waitFor (id: int64) state =
            task {
                let! reply = Send.get server $"/api/workflows/{id}"
                let externalId = text reply.Json?externalId
                return! Make.workflowIn server (text reply.Json?workflowType) state externalId
            }

        testList "Manual change" [
            testCaseTask "the history records who moved a workflow by hand" (fun () ->
                task {
                    let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
                    let id = order?id.GetInt64()
                    let! reply = Send.post server $"/api/workflows/{id}/state" """{"state":"Ship"}"""
                    Expect.equal reply.Status 200 "status"
                    Expect.isTrue (reply.Json?ok.GetBoolean()) "ok"
                    let! finished = waitFor id "Done"
                    Expect.equal (text finished?status) "FINISHED" "status"
                    Expect.isFalse (isJsonNull finished?finished) "finished"
                    let! actions = Send.get server $"/api/actions/byWorkflowId/{id}"
                    Expect.stringContains actions.Text "by admin" "text"
                })

            testCaseTask "a moved workflow can be scheduled for later" (fun () ->
                task {
                    let! order = Make.workflowIn server "Order" "Review" (Make.newId ())
                    let id = order?id.GetInt64()

                    let! reply =
                        Send.post
                            server
                            $"/api/workflows/{id}/state"
                            """{"state":"Ship","nextActivation":"2027-01-01T00:00:00Z"}"""

                    Expect.equal reply.Status 200 "status"
                    let! moved = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text moved.Json?nextActivation) "2027-01-01T00:00:00.000000Z" "next activation"
                    Expect.equal (text moved.Json?waitsFor) "activation" "waits for"
                })

            testCaseTask "the external id can be used in place of the id" (fun () ->
                task {
                    let externalId = Make.newId ()
                    let! order = Make.workflowIn server "Order" "Review" externalId

                    let! reply =
                        Send.post server $"/api/workflows/{externalId}/state" """{"state":"Refused"}"""

                    Expect.equal reply.Status 200 "status"
                    let! moved = Send.get server $"/api/workflows/{order?id.GetInt64()}"
                    Expect.equal (text moved.Json?status) "ERROR" "status"
                })

            testCaseTask "a variable can have any JSON value, and a numeric string stays a string" (fun () ->
                task {
                    let! id = Make.workflow server "Order" (Make.newId ())

                    for value in [ "\"5\""; "5"; "true"; "null"; "[1,2]"; """{"a":{"b":"c"}}""" ] do
                        let! reply =
                            Send.post server $"/api/workflows/{id}/statevars" $"""{{"key":"v","value":{value}}}"""

                        Expect.equal reply.Status 200 "status"
                        let! workflow = Send.get server $"/api/workflows/{id}"
                        Expect.equal (workflow.Json?stateVars?v.GetRawText()) value "v"
                        Expect.equal (text workflow.Json?stateVars?createdBy) "admin" "created by"
                })

            testTheoryTask
                "an unknown workflow is 404"
                [
                    "state", """{"state":"Ship"}"""
                    "statevars", """{"key":"a","value":1}"""
                    "stateAndWait", """{"updateWorkflowStateRequest":{"state":"Ship"}}"""
                ]
                (fun (route: string, body: string) ->
                    task {
                        for id in [ "987654321"; "nobody" ] do
                            let! reply = Send.post server $"/api/workflows/{id}/{route}" body
                            Expect.equal reply.Status 404 "status"
                            Expect.equal (Send.invalidFields reply) [ "id" ] "invalid fields"
                    })
        ]
