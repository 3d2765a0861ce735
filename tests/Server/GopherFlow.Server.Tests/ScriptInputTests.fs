namespace GopherFlow.Server.Tests

open Xunit

/// What the routes of scripts refuse. None of it is compiled.
type ScriptInputTests(shared: SharedServer) =
    let server = shared.Server

    let refused (method: string) (path: string) (body: string) status =
        task {
            let content = if method = "GET" then null else Send.json body
            let! reply = Send.send server Send.asAdmin method path content
            Assert.Equal(status, reply.Status)
            let! scripts = Send.get server "/api/scripts"
            Assert.Equal("[]", scripts.Text)
            return reply
        }

    [<Theory>]
    [<InlineData("PUT", "/api/scripts/1st", """{"source":""}""", "name")>]
    [<InlineData("PUT", "/api/scripts/a%2Fb", """{"source":""}""", "name")>]
    [<InlineData("PUT", "/api/scripts/Loan", "{}", "source")>]
    [<InlineData("PUT", "/api/scripts/Loan", """{"source":5}""", "source")>]
    [<InlineData("PUT", "/api/scripts/Loan", """{"source":"","author":"me"}""", "author")>]
    [<InlineData("PUT", "/api/scripts/Loan", "nonsense", "body")>]
    [<InlineData("POST", "/api/scripts/check", """{"source":""}""", "name")>]
    [<InlineData("POST", "/api/scripts/check", """{"name":"../x","source":""}""", "name")>]
    [<InlineData("POST", "/api/scripts/try", """{"name":"1","source":""}""", "name")>]
    [<InlineData("POST", "/api/scripts/try", """{"name":"A","source":"","stateVars":[]}""", "stateVars")>]
    [<InlineData("POST", "/api/scripts/try", """{"name":"A","source":"","stepLimit":0}""", "stepLimit")>]
    [<InlineData("POST", "/api/scripts/try", """{"name":"A","source":"","timeLimitSeconds":61}""", "timeLimitSeconds")>]
    [<InlineData("POST", "/api/scripts/Loan/rollback", """{"version":7}""", "version")>]
    [<InlineData("GET", "/api/scripts/Loan/differences?from=a", "", "to")>]
    [<InlineData("GET", "/api/scripts/Loan/differences?from=a&from=b&to=c", "", "from")>]
    [<InlineData("GET", "/api/definitions/Order?version=", "", "version")>]
    [<InlineData("POST", "/api/definitions/Order/move", """{"from":"a"}""", "to")>]
    [<InlineData("POST", "/api/definitions/Order/move", """{"from":"a","to":"b","states":{"A":1}}""", "states.A")>]
    [<InlineData("POST", "/api/definitions/Order/move", """{"from":"a","to":"b","states":[]}""", "states")>]
    [<InlineData("POST",
                 "/api/definitions/Order/move",
                 """{"from":"a","to":"b","workflowIds":["x"]}""",
                 "workflowIds[0]")>]
    [<InlineData("POST", "/api/definitions/Order/move", """{"from":"a","to":"b","dryRun":"no"}""", "dryRun")>]
    [<InlineData("POST", "/api/definitions/Order/move", """{"from":"nope","to":"nope"}""", "from")>]
    member _.``a field that cannot be taken is named`` (method: string) (path: string) (body: string) (field: string) =
        task {
            let! reply = refused method path body 400
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    [<Theory>]
    [<InlineData("GET", "/api/scripts/Nobody", "name")>]
    [<InlineData("GET", "/api/scripts/check", "name")>]
    [<InlineData("GET", "/api/scripts/Nobody/versions/1", "version")>]
    [<InlineData("GET", "/api/scripts/Nobody/differences?from=1&to=2", "from")>]
    [<InlineData("POST", "/api/scripts/Nobody/rollback", "name")>]
    [<InlineData("POST", "/api/scripts/Nobody/enable", "name")>]
    [<InlineData("POST", "/api/scripts/Nobody/disable", "name")>]
    [<InlineData("GET", "/api/definitions/Nobody/versions", "name")>]
    [<InlineData("GET", "/api/definitions/Nobody?version=1", "name")>]
    [<InlineData("GET", "/api/definitions/Order?version=1", "version")>]
    member _.``what is not there is 404`` (method: string) (path: string) (field: string) =
        task {
            let! reply = refused method path "{}" 404
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``too many workflows to move by name``() =
        task {
            let ids = String.concat "," (List.replicate 1001 "1")

            let! reply =
                refused "POST" "/api/definitions/Order/move" $"""{{"from":"a","to":"b","workflowIds":[{ids}]}}""" 400

            Assert.Equal<string list>([ "workflowIds" ], Send.faultyFields reply)
        }

    [<Fact>]
    member _.``another method is told which ones there are``() =
        task {
            let! reply = refused "DELETE" "/api/scripts/check" "" 405
            Assert.Equal("GET, PUT", reply.Header "Allow")
        }

    [<Fact>]
    member _.``deploying over the API can be turned off``() =
        task {
            use! server = TestServer.StartAsync([ "GFLOW_SCRIPTS_DEPLOY", "false" ], ignore)

            for method, path, body in
                [
                    "PUT", "/api/scripts/Loan", ScriptSources.body (ScriptSources.loan "Loan" "Review")
                    "POST", "/api/scripts/Loan/rollback", "{}"
                ] do
                let! reply = Send.send server Send.asAdmin method path (Send.json body)
                Assert.Equal(403, reply.Status)
                Assert.Equal("urn:gopherflow:problem:deploying-is-off", text reply.Json?``type``)
                Assert.Contains("GFLOW_SCRIPTS_DEPLOY", text reply.Json?detail)

            let! scripts = Send.get server "/api/scripts"
            Assert.Equal("[]", scripts.Text)
        }

    interface IClassFixture<SharedServer>
