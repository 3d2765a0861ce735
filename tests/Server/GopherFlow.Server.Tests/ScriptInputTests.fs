namespace GopherFlow.Server.Tests

open Expecto
open GopherFlow.TestSupport

/// Invalid input of the script routes. Nothing is compiled.
module ScriptInputTests =
    let tests (server: TestServer) =

        let rejected (method: string) (path: string) (body: string) status =
            task {
                let content = if method = "GET" then null else Send.json body
                let! reply = Send.send server Send.asAdmin method path content
                Expect.equal reply.Status status "status"
                let! scripts = Send.get server "/api/scripts"
                Expect.equal scripts.Text "[]" "text"
                return reply
            }

        testList "Script input" [
            testTheoryTask
                "an invalid field is reported by name"
                [
                    "PUT", "/api/scripts/1st", """{"source":""}""", "name"
                    "PUT", "/api/scripts/a%2Fb", """{"source":""}""", "name"
                    "PUT", "/api/scripts/Loan", "{}", "source"
                    "PUT", "/api/scripts/Loan", """{"source":5}""", "source"
                    "PUT", "/api/scripts/Loan", """{"source":"","author":"me"}""", "author"
                    "PUT", "/api/scripts/Loan", "nonsense", "body"
                    "POST", "/api/scripts/check", """{"source":""}""", "name"
                    "POST", "/api/scripts/check", """{"name":"../x","source":""}""", "name"
                    "POST", "/api/scripts/try", """{"name":"1","source":""}""", "name"
                    "POST", "/api/scripts/try", """{"name":"A","source":"","stateVars":[]}""", "stateVars"
                    "POST", "/api/scripts/try", """{"name":"A","source":"","stepLimit":0}""", "stepLimit"
                    "POST", "/api/scripts/try", """{"name":"A","source":"","timeLimitSeconds":61}""", "timeLimitSeconds"
                    "POST", "/api/scripts/Loan/rollback", """{"version":7}""", "version"
                    "GET", "/api/scripts/Loan/differences?from=a", "", "to"
                    "GET", "/api/scripts/Loan/differences?from=a&from=b&to=c", "", "from"
                    "GET", "/api/definitions/Order?version=", "", "version"
                    "POST", "/api/definitions/Order/move", """{"from":"a"}""", "to"
                    "POST", "/api/definitions/Order/move", """{"from":"a","to":"b","states":{"A":1}}""", "states.A"
                    "POST", "/api/definitions/Order/move", """{"from":"a","to":"b","states":[]}""", "states"
                    "POST",
                    "/api/definitions/Order/move",
                    """{"from":"a","to":"b","workflowIds":["x"]}""",
                    "workflowIds[0]"
                    "POST", "/api/definitions/Order/move", """{"from":"a","to":"b","dryRun":"no"}""", "dryRun"
                    "POST", "/api/definitions/Order/move", """{"from":"nope","to":"nope"}""", "from"
                ]
                (fun (method: string, path: string, body: string, field: string) ->
                    task {
                        let! reply = rejected method path body 400
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })

            testTheoryTask
                "an unknown script, version or definition is 404"
                [
                    "GET", "/api/scripts/Nobody", "name"
                    "GET", "/api/scripts/check", "name"
                    "GET", "/api/scripts/Nobody/versions/1", "version"
                    "GET", "/api/scripts/Nobody/differences?from=1&to=2", "from"
                    "POST", "/api/scripts/Nobody/rollback", "name"
                    "POST", "/api/scripts/Nobody/enable", "name"
                    "POST", "/api/scripts/Nobody/disable", "name"
                    "GET", "/api/definitions/Nobody/versions", "name"
                    "GET", "/api/definitions/Nobody?version=1", "name"
                    "GET", "/api/definitions/Order?version=1", "version"
                ]
                (fun (method: string, path: string, field: string) ->
                    task {
                        let! reply = rejected method path "{}" 404
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })

            testCaseTask "too many workflow ids in a move" (fun () ->
                task {
                    let ids = String.concat "," (List.replicate 1001 "1")

                    let! reply =
                        rejected
                            "POST"
                            "/api/definitions/Order/move"
                            $"""{{"from":"a","to":"b","workflowIds":[{ids}]}}"""
                            400

                    Expect.equal (Send.invalidFields reply) [ "workflowIds" ] "invalid fields"
                })

            testCaseTask "a wrong method is rejected with the allowed ones" (fun () ->
                task {
                    let! reply = rejected "DELETE" "/api/scripts/check" "" 405
                    Expect.equal (reply.Header "Allow") "GET, HEAD, PUT" "Allow"
                })

            testCaseTask "deploying over the API can be turned off" (fun () ->
                task {
                    use! server = TestServer.StartAsync([ "GFLOW_SCRIPTS_DEPLOY", "false" ], ignore)

                    for method, path, body in
                        [
                            "PUT", "/api/scripts/Loan", ScriptSources.body (ScriptSources.loan "Loan" "Review")
                            "POST", "/api/scripts/Loan/rollback", "{}"
                        ] do
                        let! reply = Send.send server Send.asAdmin method path (Send.json body)
                        Expect.equal reply.Status 403 "status"
                        Expect.equal (text reply.Json?``type``) "urn:gopherflow:problem:deploying-is-off" "type"
                        Expect.stringContains (text reply.Json?detail) "GFLOW_SCRIPTS_DEPLOY" "detail"

                    let! scripts = Send.get server "/api/scripts"
                    Expect.equal scripts.Text "[]" "text"
                })
        ]
