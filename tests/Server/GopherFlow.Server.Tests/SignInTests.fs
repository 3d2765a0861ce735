namespace GopherFlow.Server.Tests.SignInTests

open System
open System.Net.Http
open System.Threading
open GopherFlow.Storage
open GopherFlow.Server
open GopherFlow.Server.Tests
open Microsoft.Extensions.DependencyInjection
open Expecto
open GopherFlow.TestSupport

[<AutoOpen>]
module private Session =

    let credentials (username: string) (password: string) =
        Send.json $"""{{"username":"{username}","password":"{password}"}}"""

    let signIn server username password =
        Send.send server Send.asNobody "POST" "/api/session" (credentials username password)

    let withCookie (cookie: string) = Send.withHeader "Cookie" cookie

    let fromConsole (cookie: string) : Send.Mark =
        fun request ->
            withCookie cookie request
            Send.withHeader "X-GopherFlow" "console" request

    let cookieOf (reply: Reply) =
        (reply.Header "Set-Cookie").Split(';')[0]

    let signedIn server =
        task {
            let! reply = signIn server "admin" TestSettings.Password
            Expect.equal reply.Status 200 "status"
            return cookieOf reply
        }

    let kindOf (reply: Reply) = text reply.Json?``type``

module SessionTests =
    let tests (server: TestServer) =

        testList "Session" [
            testCaseTask "sign-in returns an HttpOnly session cookie with SameSite=Strict" (fun () ->
                task {
                    let! reply = signIn server "admin" TestSettings.Password
                    Expect.equal reply.Status 200 "status"
                    Expect.equal (text reply.Json?username) "admin" "username"
                    Expect.equal (text reply.Json?role) "admin" "role"
                    let expected = server.Clock.GetUtcNow().AddHours 1.
                    Expect.equal (Values.parseInstant (text reply.Json?expires)) (Some expected) "expires"
                    let cookie = (reply.Header "Set-Cookie").ToLowerInvariant()
                    Expect.stringContains cookie "httponly" "cookie"
                    Expect.stringContains cookie "samesite=strict" "cookie"
                    Expect.stringContains cookie "path=/" "cookie"
                    Expect.stringLacks cookie "secure" "cookie"

                    let! session =
                        Send.send server (withCookie (cookieOf reply)) "GET" "/api/session" null

                    Expect.equal session.Status 200 "status"
                    Expect.equal (text session.Json?username) "admin" "username"
                })

            testCaseTask "only the hash of a session id is stored" (fun () ->
                task {
                    let! cookie = signedIn server
                    let token = cookie.Substring "sessionId=".Length

                    let find key =
                        server.Accounts.FindSessionAsync(key, server.Clock.GetUtcNow(), CancellationToken.None)

                    let! plain = find token
                    let! hashed = find (Secrets.hash token)
                    Expect.isTrue ((Option.ofObj plain).IsNone) "by the plain token"
                    Expect.isTrue ((Option.ofObj hashed).IsSome) "by the hash"
                })

            testCaseTask "a wrong password and an unknown user get the same response" (fun () ->
                task {
                    let! wrong = signIn server "admin" "wrong"
                    let! unknown = signIn server "nobody" TestSettings.Password
                    let! defaultOne = signIn server "admin" "admin"

                    for reply in [ wrong; unknown; defaultOne ] do
                        Expect.equal reply.Status 401 "status"
                        Expect.equal (text reply.Json?detail) "Wrong user name or password." "detail"
                        Expect.equal (reply.Header "Set-Cookie") "" "Set-Cookie"
                })

            testCaseTask "signing out ends the session" (fun () ->
                task {
                    let! cookie = signedIn server
                    let! out = Send.send server (fromConsole cookie) "DELETE" "/api/session" null
                    Expect.equal out.Status 204 "status"
                    Expect.stringContains (out.Header "Set-Cookie") "sessionId=;" "Set-Cookie"
                    let! after = Send.send server (withCookie cookie) "GET" "/api/session" null
                    Expect.equal after.Status 401 "status"
                })

            testCaseTask "the current session can be read while signed out" (fun () ->
                task {
                    let current mark =
                        Send.send server mark "GET" "/api/session/current" null

                    let! signedOut = current Send.asNobody
                    Expect.equal signedOut.Status 200 "signed out"
                    Expect.isTrue (isJsonNull signedOut.Json?session) "no session"

                    let! invalid = current (withCookie "sessionId=made-up")
                    Expect.equal invalid.Status 200 "invalid cookie"
                    Expect.isTrue (isJsonNull invalid.Json?session) "no valid session"

                    let! cookie = signedIn server
                    let! admin = current (withCookie cookie)
                    Expect.equal (text admin.Json?session?username) "admin" "username"
                })

            testCaseTask "a second session does not end the first" (fun () ->
                task {
                    let! first = signedIn server
                    let! _ = signedIn server
                    let! reply = Send.send server (withCookie first) "GET" "/api/session" null
                    Expect.equal reply.Status 200 "status"
                })

            testCaseTask "every API route except sign-in needs authentication and returns 401, no redirect" (fun () ->
                task {
                    let known =
                        Routes.api
                        |> List.map (fun route ->
                            route.Method, route.Path.Replace("{id}", "1").Replace("{", "").Replace("}", ""))
                        |> List.except [
                            "POST", "/api/session"
                            "GET", "/api/session/current"
                            "GET", "/api/session/methods"
                            "GET", "/api/session/oidc"
                        ]

                    for method, path in known @ [ "GET", "/api/nothing/here"; "PUT", "/api/session" ] do
                        let! reply = Send.send server Send.asNobody method path null
                        Expect.equal reply.Status 401 "status"
                        Expect.isNonEmpty (reply.Header "WWW-Authenticate") "WWW-Authenticate"
                })

            testCaseTask "a valid API key gives access, a wrong one is rejected even with a valid session" (fun () ->
                task {
                    let! good = Send.get server "/api/session"
                    Expect.equal good.Status 200 "status"
                    Expect.isTrue (isJsonNull good.Json?expires) "expires"
                    let! cookie = signedIn server

                    let wrongKey: Send.Mark =
                        fun request ->
                            withCookie cookie request
                            Send.withHeader "X-API-Key" "another-key-000001" request

                    let! wrong = Send.send server wrongKey "GET" "/api/session" null
                    Expect.equal wrong.Status 401 "status"
                })

            testTheoryTask
                "a POST with a cookie needs the anti-forgery header"
                [ "/api/workflows"; "/api/workflows/search"; "/api/createAndWait" ]
                (fun (path: string) ->
                    task {
                        let! cookie = signedIn server
                        let! before = Make.count server

                        let body () =
                            Send.json (Make.body "Order" (Make.newId ()))

                        let! without = Send.send server (withCookie cookie) "POST" path (body ())
                        Expect.equal without.Status 403 "status"
                        Expect.equal (kindOf without) "urn:gopherflow:problem:anti-forgery" "without"

                        let other: Send.Mark =
                            fun request ->
                                withCookie cookie request
                                Send.withHeader "X-GopherFlow" "other" request

                        let! wrong = Send.send server other "POST" path (body ())
                        Expect.equal wrong.Status 403 "status"
                        let! after = Make.count server
                        Expect.equal after before "after"
                    })

            testCaseTask "a POST with a cookie and the anti-forgery header is accepted" (fun () ->
                task {
                    let! cookie = signedIn server
                    let content = Send.json (Make.body "Order" (Make.newId ()))
                    let! reply = Send.send server (fromConsole cookie) "POST" "/api/workflows" content
                    Expect.equal reply.Status 201 "status"
                })

            testTheoryTask
                "invalid fields of a sign-in are reported"
                [
                    """{"username":"admin"}""", "password"
                    """{"password":"x"}""", "username"
                    """{"username":"admin","password":"x","remember":true}""", "remember"
                ]
                (fun (body: string, field: string) ->
                    task {
                        let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
                        Expect.equal reply.Status 400 "status"
                        Expect.equal (Send.invalidFields reply) [ field ] "invalid fields"
                    })
        ]

module ExpiryTests =
    let tests =

        testList "Expiry" [
            testCaseTask "a session expires after its lifetime even if used" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! cookie = signedIn server

                    let current () =
                        Send.send server (withCookie cookie) "GET" "/api/session" null

                    server.Clock.Advance(TimeSpan.FromMinutes 59.)
                    let! before = current ()
                    Expect.equal before.Status 200 "status"
                    server.Clock.Advance(TimeSpan.FromMinutes 1.)
                    let! after = current ()
                    Expect.equal after.Status 401 "status"
                })

            testCaseTask "failed sign-ins are throttled per name, and the right password resets it" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for _ in 1..10 do
                        let! reply = signIn server "admin" "guess"
                        Expect.equal reply.Status 401 "status"

                    let! slowed = signIn server "admin" TestSettings.Password
                    Expect.equal slowed.Status 429 "status"
                    Expect.equal (slowed.Header "Retry-After") "1" "Retry-After"
                    let! other = signIn server "somebody else" "guess"
                    Expect.equal other.Status 401 "status"
                    server.Clock.Advance(TimeSpan.FromSeconds 1.)
                    let! right = signIn server "admin" TestSettings.Password
                    Expect.equal right.Status 200 "status"
                    let! again = signIn server "admin" "guess"
                    Expect.equal again.Status 401 "status"
                })

            testCaseTask "the default password of a development database does not work outside development" (fun () ->
                task {
                    use! server = TestServer.StartAsync([ "GFLOW_ADMIN_PASSWORD", "" ], ignore)
                    use file = new Microsoft.Data.Sqlite.SqliteConnection(server.ConnectionString)
                    file.Open()
                    use command = file.CreateCommand()
                    command.CommandText <- "update users set password_hash = $hash where username = 'admin'"

                    command.Parameters.AddWithValue("$hash", Passwords().Hash("admin", "admin"))
                    |> ignore

                    Expect.equal (command.ExecuteNonQuery()) 1 "updated rows"
                    let! reply = signIn server "admin" "admin"
                    Expect.equal reply.Status 401 "status"

                    Expect.exists
                        server.Logged
                        (fun line -> line.Text.Contains "Refused the default password")
                        "logged"
                })
        ]

module RoleTests =
    let tests =

        let addUser = SignIn.addUser
        let cookieFor = SignIn.cookieFor

        testList "Role" [
            testCaseTask "a viewer can only read, an operator can also change workflows" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    do! addUser server "vera" "viewer" true
                    do! addUser server "otto" "operator" true
                    let! order = Make.workflowIn server "Order" "Review" "order"
                    let id = order?id.GetInt64()
                    let! vera = cookieFor server "vera"
                    let! otto = cookieFor server "otto"

                    for path in [ "/api/definitions"; $"/api/workflows/{id}"; "/api/executors" ] do
                        let! reply = Send.send server (fromConsole vera) "GET" path null
                        Expect.equal reply.Status 200 "status"

                    let! search =
                        Send.send server (fromConsole vera) "POST" "/api/workflows/search" (Send.json "{}")

                    Expect.equal search.Status 200 "status"

                    for path, body in
                        [
                            "/api/workflows", Make.body "Order" "another"
                            "/api/createAndWait", $"""{{"createWorkflowRequest":{Make.body "Order" "another"}}}"""
                            $"/api/workflows/{id}/state", """{"state":"Ship"}"""
                            $"/api/workflows/{id}/stateAndWait", """{"updateWorkflowStateRequest":{"state":"Ship"}}"""
                            $"/api/workflows/{id}/statevars", """{"key":"a","value":1}"""
                        ] do
                        let! reply = Send.send server (fromConsole vera) "POST" path (Send.json body)
                        Expect.equal reply.Status 403 "status"
                        Expect.equal (kindOf reply) "urn:gopherflow:problem:not-allowed" "reply"

                    let! unchanged = Send.get server $"/api/workflows/{id}"
                    Expect.equal (text unchanged.Json?state) "Review" "state"
                    let! count = Make.count server
                    Expect.equal count 1 "count"

                    let! moved =
                        Send.send
                            server
                            (fromConsole otto)
                            "POST"
                            $"/api/workflows/{id}/state"
                            (Send.json """{"state":"Ship"}""")

                    Expect.equal moved.Status 200 "status"
                })

            testCaseTask
                "only an admin can run scripts and import workflows, an operator can move workflows between versions"
                (fun () ->
                    task {
                        use! server = TestServer.StartAsync()
                        do! addUser server "vera" "viewer" true
                        do! addUser server "otto" "operator" true
                        let! vera = cookieFor server "vera"
                        let! otto = cookieFor server "otto"

                        let reply (cookie: string) (method: string) (path: string) (body: string) =
                            Send.send server (fromConsole cookie) method path (Send.json body)

                        for path in [ "/api/scripts"; "/api/definitions/Order/versions" ] do
                            let! read = Send.send server (fromConsole vera) "GET" path null
                            Expect.equal read.Status 200 "status"

                        for method, path in
                            [
                                "POST", "/api/scripts/check"
                                "POST", "/api/scripts/try"
                                "PUT", "/api/scripts/Loan"
                                "POST", "/api/scripts/Loan/rollback"
                                "POST", "/api/scripts/Loan/enable"
                                "POST", "/api/scripts/Loan/disable"
                                "POST", "/api/workflows/import"
                            ] do
                            for cookie in [ vera; otto ] do
                                let! refused = reply cookie method path "{}"
                                Expect.equal refused.Status 403 "status"
                                Expect.equal (kindOf refused) "urn:gopherflow:problem:not-allowed" "refused"
                                Expect.stringContains (text refused.Json?detail) "admin" "detail"

                            let! signedOut = Send.send server Send.asNobody method path (Send.json "{}")

                            Expect.equal signedOut.Status 401 "status"

                        let! refused = reply vera "POST" "/api/definitions/Order/move" "{}"
                        Expect.equal refused.Status 403 "status"
                        let! allowed = reply otto "POST" "/api/definitions/Order/move" "{}"
                        Expect.equal allowed.Status 400 "status"
                    })

            testCaseTask "a disabled user gets the response of a wrong password" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    do! addUser server "gone" "admin" false
                    let! reply = signIn server "gone" TestSettings.Password
                    Expect.equal reply.Status 401 "status"
                    Expect.equal (text reply.Json?detail) "Wrong user name or password." "detail"
                })
        ]
