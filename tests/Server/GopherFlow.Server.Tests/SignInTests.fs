namespace GopherFlow.Server.Tests.SignInTests

open System
open System.Net.Http
open System.Threading
open GopherFlow.Storage
open GopherFlow.Server
open GopherFlow.Server.Tests
open Microsoft.Extensions.DependencyInjection
open Xunit

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
            Assert.Equal(200, reply.Status)
            return cookieOf reply
        }

    let kindOf (reply: Reply) = text reply.Json?``type``

type SessionTests(shared: SharedServer) =
    let server = shared.Server

    [<Fact>]
    member _.``signing in gives a session in a cookie that scripts and other sites cannot use``() =
        task {
            let! reply = signIn server "admin" TestSettings.Password
            Assert.Equal(200, reply.Status)
            Assert.Equal("admin", text reply.Json?username)
            Assert.Equal("admin", text reply.Json?role)
            let expected = server.Clock.GetUtcNow().AddHours 1.
            Assert.Equal(Some expected, Values.parseInstant (text reply.Json?expires))
            let cookie = (reply.Header "Set-Cookie").ToLowerInvariant()
            Assert.Contains("httponly", cookie)
            Assert.Contains("samesite=strict", cookie)
            Assert.Contains("path=/", cookie)
            Assert.DoesNotContain("secure", cookie)

            let! session =
                Send.send server (withCookie (cookieOf reply)) "GET" "/api/session" null

            Assert.Equal(200, session.Status)
            Assert.Equal("admin", text session.Json?username)
        }

    [<Fact>]
    member _.``a session id is kept as a hash only``() =
        task {
            let! cookie = signedIn server
            let token = cookie.Substring "sessionId=".Length

            let find key =
                server.Accounts.FindSessionAsync(key, server.Clock.GetUtcNow(), CancellationToken.None)

            let! inClear = find token
            let! hashed = find (Secrets.hash token)
            Assert.True((Option.ofObj inClear).IsNone)
            Assert.True((Option.ofObj hashed).IsSome)
        }

    [<Fact>]
    member _.``wrong passwords and unknown users get one and the same answer``() =
        task {
            let! wrong = signIn server "admin" "wrong"
            let! unknown = signIn server "nobody" TestSettings.Password
            let! defaultOne = signIn server "admin" "admin"

            for reply in [ wrong; unknown; defaultOne ] do
                Assert.Equal(401, reply.Status)
                Assert.Equal("Wrong user name or password.", text reply.Json?detail)
                Assert.Equal("", reply.Header "Set-Cookie")
        }

    [<Fact>]
    member _.``signing out ends the session``() =
        task {
            let! cookie = signedIn server
            let! out = Send.send server (fromConsole cookie) "DELETE" "/api/session" null
            Assert.Equal(204, out.Status)
            Assert.Contains("sessionId=;", out.Header "Set-Cookie")
            let! after = Send.send server (withCookie cookie) "GET" "/api/session" null
            Assert.Equal(401, after.Status)
        }

    [<Fact>]
    member _.``a second session does not end the first``() =
        task {
            let! first = signedIn server
            let! _ = signedIn server
            let! reply = Send.send server (withCookie first) "GET" "/api/session" null
            Assert.Equal(200, reply.Status)
        }

    [<Fact>]
    member _.``nothing under api is open but signing in, and it answers 401, never a redirect``() =
        task {
            let known =
                Routes.api (Services.from server.Services)
                |> List.map (fun route ->
                    route.Method, route.Path.Replace("{id}", "1").Replace("{", "").Replace("}", ""))
                |> List.except [ "POST", "/api/session" ]

            Assert.Equal(27, known.Length)

            for method, path in known @ [ "GET", "/api/nothing/here"; "PUT", "/api/session" ] do
                let! reply = Send.send server Send.asNobody method path null
                Assert.Equal(401, reply.Status)
                Assert.NotEmpty(reply.Header "WWW-Authenticate")
        }

    [<Fact>]
    member _.``a key opens, a wrong one does not, even beside a good session``() =
        task {
            let! good = Send.get server "/api/session"
            Assert.Equal(200, good.Status)
            Assert.True(isJsonNull good.Json?expires)
            let! cookie = signedIn server

            let wrongKey: Send.Mark =
                fun request ->
                    withCookie cookie request
                    Send.withHeader "X-API-Key" "another-key-000001" request

            let! wrong = Send.send server wrongKey "GET" "/api/session" null
            Assert.Equal(401, wrong.Status)
        }

    [<Theory>]
    [<InlineData("/api/workflows")>]
    [<InlineData("/api/workflows/search")>]
    [<InlineData("/api/createAndWait")>]
    member _.``a post by cookie needs the header that other sites cannot send``(path: string) =
        task {
            let! cookie = signedIn server
            let! before = Make.count server

            let body () =
                Send.json (Make.body "Order" (Make.newId ()))

            let! without = Send.send server (withCookie cookie) "POST" path (body ())
            Assert.Equal(403, without.Status)
            Assert.Equal("urn:gopherflow:problem:anti-forgery", kindOf without)

            let other: Send.Mark =
                fun request ->
                    withCookie cookie request
                    Send.withHeader "X-GopherFlow" "other" request

            let! wrong = Send.send server other "POST" path (body ())
            Assert.Equal(403, wrong.Status)
            let! after = Make.count server
            Assert.Equal(before, after)
        }

    [<Fact>]
    member _.``a change by cookie from the console is made``() =
        task {
            let! cookie = signedIn server
            let content = Send.json (Make.body "Order" (Make.newId ()))
            let! reply = Send.send server (fromConsole cookie) "POST" "/api/workflows" content
            Assert.Equal(200, reply.Status)
        }

    [<Theory>]
    [<InlineData("""{"username":"admin"}""", "password")>]
    [<InlineData("""{"password":"x"}""", "username")>]
    [<InlineData("""{"username":"admin","password":"x","remember":true}""", "remember")>]
    member _.``faulty fields of a sign-in are named`` (body: string) (field: string) =
        task {
            let! reply = Send.send server Send.asNobody "POST" "/api/session" (Send.json body)
            Assert.Equal(400, reply.Status)
            Assert.Equal<string list>([ field ], Send.faultyFields reply)
        }

    interface IClassFixture<SharedServer>

type ExpiryTests() =

    [<Fact>]
    member _.``a session ends after its time, used or not``() =
        task {
            use! server = TestServer.StartAsync()
            let! cookie = signedIn server

            let current () =
                Send.send server (withCookie cookie) "GET" "/api/session" null

            server.Clock.Advance(TimeSpan.FromMinutes 59.)
            let! before = current ()
            Assert.Equal(200, before.Status)
            server.Clock.Advance(TimeSpan.FromMinutes 1.)
            let! after = current ()
            Assert.Equal(401, after.Status)
        }

    [<Fact>]
    member _.``guessing is slowed down per name, and a right password starts it anew``() =
        task {
            use! server = TestServer.StartAsync()

            for _ in 1..10 do
                let! reply = signIn server "admin" "guess"
                Assert.Equal(401, reply.Status)

            let! slowed = signIn server "admin" TestSettings.Password
            Assert.Equal(429, slowed.Status)
            Assert.Equal("1", slowed.Header "Retry-After")
            let! other = signIn server "somebody else" "guess"
            Assert.Equal(401, other.Status)
            server.Clock.Advance(TimeSpan.FromSeconds 1.)
            let! right = signIn server "admin" TestSettings.Password
            Assert.Equal(200, right.Status)
            let! again = signIn server "admin" "guess"
            Assert.Equal(401, again.Status)
        }

    [<Fact>]
    member _.``the default password of a database from development opens nothing outside of it``() =
        task {
            use! server = TestServer.StartAsync([ "GFLOW_ADMIN_PASSWORD", "" ], ignore)
            use file = new Microsoft.Data.Sqlite.SqliteConnection(server.ConnectionString)
            file.Open()
            use command = file.CreateCommand()
            command.CommandText <- "update users set password_hash = $hash where username = 'admin'"

            command.Parameters.AddWithValue("$hash", Passwords().Hash("admin", "admin"))
            |> ignore

            Assert.Equal(1, command.ExecuteNonQuery())
            let! reply = signIn server "admin" "admin"
            Assert.Equal(401, reply.Status)
            Assert.Contains(server.Logged, (fun line -> line.Text.Contains "Refused the default password"))
        }

type RoleTests() =

    let addUser (server: TestServer) (username: string) (role: string) (enabled: bool) =
        use file = new Microsoft.Data.Sqlite.SqliteConnection(server.ConnectionString)
        file.Open()
        use command = file.CreateCommand()

        command.CommandText <-
            "insert into users (username, password_hash, role, enabled, created) values ($name, $hash, $role, $enabled, 0)"

        command.Parameters.AddWithValue("$name", username) |> ignore

        command.Parameters.AddWithValue("$hash", Passwords().Hash(username, TestSettings.Password))
        |> ignore

        command.Parameters.AddWithValue("$role", role) |> ignore
        command.Parameters.AddWithValue("$enabled", enabled) |> ignore
        Assert.Equal(1, command.ExecuteNonQuery())

    let cookieFor server username =
        task {
            let! reply = signIn server username TestSettings.Password
            Assert.Equal(200, reply.Status)
            return cookieOf reply
        }

    [<Fact>]
    member _.``a viewer reads and changes nothing, an operator does both``() =
        task {
            use! server = TestServer.StartAsync()
            addUser server "vera" "viewer" true
            addUser server "otto" "operator" true
            let! order = Make.workflowIn server "Order" "Review" "order"
            let id = order?id.GetInt64()
            let! vera = cookieFor server "vera"
            let! otto = cookieFor server "otto"

            for path in [ "/api/definitions"; $"/api/workflows/{id}"; "/api/executors" ] do
                let! reply = Send.send server (fromConsole vera) "GET" path null
                Assert.Equal(200, reply.Status)

            let! search =
                Send.send server (fromConsole vera) "POST" "/api/workflows/search" (Send.json "{}")

            Assert.Equal(200, search.Status)

            for path, body in
                [
                    "/api/workflows", Make.body "Order" "another"
                    "/api/createAndWait", $"""{{"createWorkflowRequest":{Make.body "Order" "another"}}}"""
                    $"/api/workflows/{id}/state", """{"state":"Ship"}"""
                    $"/api/workflows/{id}/stateAndWait", """{"updateWorkflowStateRequest":{"state":"Ship"}}"""
                    $"/api/workflows/{id}/statevars", """{"key":"a","value":1}"""
                ] do
                let! reply = Send.send server (fromConsole vera) "POST" path (Send.json body)
                Assert.Equal(403, reply.Status)
                Assert.Equal("urn:gopherflow:problem:not-allowed", kindOf reply)

            let! unchanged = Send.get server $"/api/workflows/{id}"
            Assert.Equal("Review", text unchanged.Json?state)
            let! count = Make.count server
            Assert.Equal(1, count)

            let! moved =
                Send.send
                    server
                    (fromConsole otto)
                    "POST"
                    $"/api/workflows/{id}/state"
                    (Send.json """{"state":"Ship"}""")

            Assert.Equal(200, moved.Status)
        }

    [<Fact>]
    member _.``only an admin makes the server run scripts, an operator moves workflows between versions``() =
        task {
            use! server = TestServer.StartAsync()
            addUser server "vera" "viewer" true
            addUser server "otto" "operator" true
            let! vera = cookieFor server "vera"
            let! otto = cookieFor server "otto"

            let reply (cookie: string) (method: string) (path: string) (body: string) =
                Send.send server (fromConsole cookie) method path (Send.json body)

            for path in [ "/api/scripts"; "/api/definitions/Order/versions" ] do
                let! read = Send.send server (fromConsole vera) "GET" path null
                Assert.Equal(200, read.Status)

            for method, path in
                [
                    "POST", "/api/scripts/check"
                    "POST", "/api/scripts/try"
                    "PUT", "/api/scripts/Loan"
                    "POST", "/api/scripts/Loan/rollback"
                    "POST", "/api/scripts/Loan/enable"
                    "POST", "/api/scripts/Loan/disable"
                ] do
                for cookie in [ vera; otto ] do
                    let! refused = reply cookie method path "{}"
                    Assert.Equal(403, refused.Status)
                    Assert.Equal("urn:gopherflow:problem:not-allowed", kindOf refused)
                    Assert.Contains("admin", text refused.Json?detail)

                let! unknown = Send.send server Send.asNobody method path (Send.json "{}")

                Assert.Equal(401, unknown.Status)

            let! refused = reply vera "POST" "/api/definitions/Order/move" "{}"
            Assert.Equal(403, refused.Status)
            let! understood = reply otto "POST" "/api/definitions/Order/move" "{}"
            Assert.Equal(400, understood.Status)
        }

    [<Fact>]
    member _.``a disabled user does not get in, and gets the answer of a wrong password``() =
        task {
            use! server = TestServer.StartAsync()
            addUser server "gone" "admin" false
            let! reply = signIn server "gone" TestSettings.Password
            Assert.Equal(401, reply.Status)
            Assert.Equal("Wrong user name or password.", text reply.Json?detail)
        }
