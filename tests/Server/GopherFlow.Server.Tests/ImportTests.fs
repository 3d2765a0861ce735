namespace GopherFlow.Server.Tests

open Expecto
open GopherFlow.TestSupport

/// Import of workflows from another system over HTTP.
module ImportTests =
    let tests (server: TestServer) =

        let import dryRun workflows =
            Send.post server "/api/workflows/import" $"""{{"dryRun":{dryRun},"workflows":[{workflows}]}}"""

        let order externalId more =
            $"""{{"externalId":"{externalId}","workflowType":"Order","businessKey":"customer 4","executorGroup":"default","origin":"the shop, id 17"{more}}}"""

        let outcomes (reply: Reply) =
            Expect.equal reply.Status 200 "status"
            items reply.Json?workflows |> List.map (fun each -> text each?outcome)

        testList "Import" [
            testCaseTask "a workflow is imported once in its state, and the audit log records it" (fun () ->
                task {
                    let externalId = Make.newId ()

                    let waiting =
                        order
                            externalId
                            ""","state":"Review","standing":"HAS_ENDED","stateVars":{"amount":"12"},"created":"2026-03-01T08:00:00Z" """

                    let! dry = import "true" waiting
                    Expect.equal (outcomes dry) [ "CREATED" ] "outcome of the dry run"
                    Expect.isTrue (dry.Json?dryRun.GetBoolean()) "dry run"
                    let! missing = Send.get server $"/api/workflowByExternalId/{externalId}"
                    Expect.equal missing.Status 404 "status"
                    let! created = import "false" waiting
                    Expect.equal (outcomes created) [ "CREATED" ] "outcome"
                    let! again = import "false" waiting
                    Expect.equal (outcomes again) [ "EXISTED" ] "the second time"
                    let! workflow = Send.get server $"/api/workflowByExternalId/{externalId}"
                    Expect.equal (text workflow.Json?status) "WAITING" "status"
                    Expect.equal (text workflow.Json?created) "2026-03-01T08:00:00.000000Z" "created"
                    Expect.equal (workflow.Json?stateVars.GetRawText()) """{"amount":"12"}""" "variables"
                    let! audit = Send.get server "/api/audit?action=workflow.import"

                    Expect.equal
                        [ for entry in items audit.Json?entries -> entry?after.GetRawText() ]
                        [ """{"workflows":1}""" ]
                        "audit entries"
                })

            testCaseTask "a refused workflow has a reason, and the others are created" (fun () ->
                task {
                    let nowhere = order (Make.newId ()) ""","state":"Nowhere" """
                    let! reply = import "false" (nowhere + "," + order (Make.newId ()) "")
                    Expect.equal (outcomes reply) [ "REFUSED"; "CREATED" ] "outcomes"
                    let refused = (items reply.Json?workflows).Head
                    Expect.stringContains (text refused?reason) "state: expected a state of Order" "reason"
                })

            testCaseTask "an invalid body is rejected as a whole" (fun () ->
                task {
                    let! reply =
                        import "false" (order "one" ""","standing":"GONE","retryCount":-1,"nextActivation":"soon" """)

                    Expect.equal reply.Status 400 "status"

                    Expect.equal
                        (Send.invalidFields reply |> List.sort)
                        [
                            "workflows[0].nextActivation"
                            "workflows[0].retryCount"
                            "workflows[0].standing"
                        ]
                        "invalid fields"
                })
        ]
