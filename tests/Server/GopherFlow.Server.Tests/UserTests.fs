module GopherFlow.Server.Tests.UserTests

open System
open System.Text.Json
open Expecto
open GopherFlow.Server
open GopherFlow.TestSupport

let private asRole (cookie: string) : Send.Mark =
    fun request ->
        Send.withHeader "Cookie" cookie request
        Send.withHeader Authorise.AntiForgeryHeader Authorise.AntiForgeryValue request

let private withKey (key: string) =
    Send.withHeader Authorise.ApiKeyHeader key

let private send server mark verb path (body: string) =
    Send.send server mark verb path (if body = "" then null else Send.json body)

let private signIn server (username: string) (password: string) =
    send server Send.asNobody "POST" "/api/session" $"""{{"username":"{username}","password":"{password}"}}"""

let private cookieOf (reply: Reply) =
    Expect.equal reply.Status 200 "signed in"
    (reply.Header "Set-Cookie").Split(';')[0]

/// Adds a user over the API and returns the id.
let private addUser server (username: string) (role: string) =
    task {
        let body =
            $"""{{"username":"{username}","password":"{TestSettings.Password}","role":"{role}"}}"""

        let! reply = Send.post server "/api/users" body
        Expect.equal reply.Status 201 reply.Text
        return reply.Json?id.GetInt64()
    }

let private addKey server mark (id: int64) (body: string) =
    task {
        let! reply = send server mark "POST" $"/api/users/{id}/keys" body
        Expect.equal reply.Status 201 reply.Text
        return text reply.Json?key, reply.Json?details?id.GetInt64()
    }

let private statusOf server mark path =
    task {
        let! (reply: Reply) = Send.send server mark "GET" path null
        return reply.Status
    }

let private kindOf (reply: Reply) = text reply.Json?``type``

let private withServer (test: TestServer -> Threading.Tasks.Task<unit>) =
    fun () ->
        task {
            use! server = TestServer.StartAsync()
            do! test server
        }

let tests =
    testList "Users" [
        testCaseTask
            "an admin can add, find and list users"
            (withServer (fun server ->
                task {
                    let! reply =
                        Send.post
                            server
                            "/api/users"
                            """{"username":"Ann","displayName":" Ann Lee ","password":"a long password","role":"operator"}"""

                    Expect.equal reply.Status 201 reply.Text
                    Expect.equal (reply.Header "Location") $"/api/users/{reply.Json?id.GetInt64()}" "location"
                    let! found = Send.get server (reply.Header "Location")
                    Expect.equal (text found.Json?username) "Ann" "username"
                    Expect.equal (text found.Json?displayName) "Ann Lee" "display name"
                    Expect.equal (text found.Json?role) "operator" "role"
                    Expect.isTrue (found.Json?enabled.GetBoolean()) "enabled"
                    Expect.isTrue (isJsonNull found.Json?lastSignIn) "last sign-in"
                    Expect.stringLacks found.Text "assword\":\"" "no hash"

                    let! again = Send.post server "/api/users" """{"username":"aNN"}"""
                    Expect.equal again.Status 409 again.Text
                    Expect.equal (kindOf again) "urn:gopherflow:problem:name-taken" "kind"
                    let! _ = addUser server "bob" "viewer"

                    let! first = Send.get server "/api/users?limit=2"

                    let names (page: Reply) =
                        items page.Json?users |> List.map (fun user -> text user?username)

                    Expect.equal (names first) [ "admin"; "Ann" ] "first page"
                    let! rest = Send.get server $"/api/users?limit=2&cursor={text first.Json?next}"
                    Expect.equal (names rest) [ "bob" ] "second page"
                    Expect.isTrue (isJsonNull rest.Json?next) "no third page"
                }))

        testTheoryTask
            "an invalid user field is reported"
            [
                """{"username":"job:7"}""", "username"
                """{"username":"a b"}""", "username"
                """{"username":"ann","password":"short"}""", "password"
                """{"username":"ann","role":"owner"}""", "role"
                """{"username":"ann","displayName":"a\nb"}""", "displayName"
                """{"username":"ann","admin":true}""", "admin"
            ]
            (fun (body: string, field: string) ->
                task {
                    use! server = TestServer.StartAsync()
                    let! reply = Send.post server "/api/users" body
                    Expect.equal reply.Status 400 reply.Text
                    Expect.equal (Send.invalidFields reply) [ field ] "fields"
                    Expect.stringLacks reply.Text "short\"" "the password is not echoed"
                })

        testCaseTask
            "disabling a user blocks session and key at once, and the session stays ended when re-enabled"
            (withServer (fun server ->
                task {
                    let! id = addUser server "ann" "operator"
                    let! cookie = SignIn.cookieFor server "ann"
                    let! key, _ = addKey server (asRole cookie) id """{"name":"ci"}"""
                    let! before = statusOf server (withKey key) "/api/session"
                    Expect.equal before 200 "with the key"

                    let! off =
                        send server Send.asAdmin "PATCH" $"/api/users/{id}" """{"enabled":false}"""

                    Expect.equal off.Status 200 off.Text
                    let! bySession = statusOf server (asRole cookie) "/api/session"
                    let! byKey = statusOf server (withKey key) "/api/session"
                    let! again = signIn server "ann" TestSettings.Password
                    Expect.equal (bySession, byKey, again.Status) (401, 401, 401) "while disabled"

                    let! _ = send server Send.asAdmin "PATCH" $"/api/users/{id}" """{"enabled":true}"""
                    let! bySession = statusOf server (asRole cookie) "/api/session"
                    let! byKey = statusOf server (withKey key) "/api/session"
                    Expect.equal (bySession, byKey) (401, 200) "enabled again"
                }))

        testCaseTask
            "changing the password needs the old one and ends all other sessions"
            (withServer (fun server ->
                task {
                    let! _ = addUser server "ann" "viewer"
                    let! first = SignIn.cookieFor server "ann"
                    let! second = SignIn.cookieFor server "ann"

                    let change (old: string) =
                        send
                            server
                            (asRole second)
                            "POST"
                            "/api/session/password"
                            $"""{{"oldPassword":"{old}","newPassword":"quite another one"}}"""

                    let! wrong = change "a wrong password"
                    Expect.equal wrong.Status 422 wrong.Text
                    let! still = statusOf server (asRole first) "/api/session"
                    Expect.equal still 200 "nothing has changed"

                    let! changed = change TestSettings.Password
                    Expect.equal changed.Status 204 changed.Text
                    let! first = statusOf server (asRole first) "/api/session"
                    let! second = statusOf server (asRole second) "/api/session"
                    Expect.equal (first, second) (401, 200) "the other session, and this one"
                    let! old = signIn server "ann" TestSettings.Password
                    let! now = signIn server "ann" "quite another one"
                    Expect.equal (old.Status, now.Status) (401, 200) "old and new password"
                }))

        testCaseTask
            "guesses of the old password are throttled"
            (withServer (fun server ->
                task {
                    let! _ = addUser server "ann" "viewer"
                    let! cookie = SignIn.cookieFor server "ann"

                    let guess () =
                        send
                            server
                            (asRole cookie)
                            "POST"
                            "/api/session/password"
                            """{"oldPassword":"a guess","newPassword":"quite another one"}"""

                    for _ in 1..10 do
                        let! reply = guess ()
                        Expect.equal reply.Status 422 reply.Text

                    let! slowed = guess ()
                    Expect.equal slowed.Status 429 slowed.Text
                }))

        testCaseTask
            "a key is shown once, and its role is limited by its owner's current role"
            (withServer (fun server ->
                task {
                    let! id = addUser server "ann" "operator"
                    let! cookie = SignIn.cookieFor server "ann"

                    let! tooHigh =
                        send server (asRole cookie) "POST" $"/api/users/{id}/keys" """{"name":"ci","role":"admin"}"""

                    Expect.equal tooHigh.Status 400 tooHigh.Text
                    Expect.equal (Send.invalidFields tooHigh) [ "role" ] "field"

                    let! byAdmin =
                        send server Send.asAdmin "POST" $"/api/users/{id}/keys" """{"name":"ci","role":"admin"}"""

                    Expect.equal byAdmin.Status 400 "an admin cannot exceed the owner's role either"

                    let! key, keyId = addKey server (asRole cookie) id """{"name":"nightly import"}"""
                    let! listed = Send.send server (asRole cookie) "GET" $"/api/users/{id}/keys" null
                    let details = List.exactlyOne (items listed.Json)
                    Expect.equal (details?id.GetInt64()) keyId "id"
                    Expect.equal (text details?name) "nightly import" "name"
                    Expect.equal (text details?beginning) (key.Substring(0, 10)) "beginning"
                    Expect.stringStarts key "gflow_" "key"
                    Expect.equal (text details?role) "operator" "role"
                    Expect.isTrue (isJsonNull details?lastUsed) "last use"
                    Expect.stringLacks listed.Text key "the key itself"

                    let! mine = Send.send server (withKey key) "GET" "/api/session" null
                    Expect.equal (text mine.Json?role) "operator" "role by key"
                    let! _ = send server Send.asAdmin "PATCH" $"/api/users/{id}" """{"role":"viewer"}"""
                    let! mine = Send.send server (withKey key) "GET" "/api/session" null
                    Expect.equal (text mine.Json?role) "viewer" "role after the owner's was lowered"

                    let! create =
                        send server (withKey key) "POST" "/api/workflows" (Make.body "Order" "x")

                    Expect.equal create.Status 403 create.Text
                }))

        testCaseTask
            "a key cannot create a key with a higher role than its own"
            (withServer (fun server ->
                task {
                    let! me = Send.get server "/api/session"
                    let id = me.Json?userId.GetInt64()
                    let! low, _ = addKey server Send.asAdmin id """{"name":"reader","role":"viewer"}"""
                    let! users = statusOf server (withKey low) "/api/users"
                    Expect.equal users 403 "as a viewer"

                    let! higher =
                        send server (withKey low) "POST" $"/api/users/{id}/keys" """{"name":"x","role":"admin"}"""

                    Expect.equal higher.Status 400 higher.Text
                    let! same, _ = addKey server (withKey low) id """{"name":"x"}"""
                    let! mine = Send.send server (withKey same) "GET" "/api/session" null
                    Expect.equal (text mine.Json?role) "viewer" "role of the new key"
                }))

        testCaseTask
            "a key that expires cannot create a key that expires later"
            (withServer (fun server ->
                task {
                    let! me = Send.get server "/api/session"
                    let id = me.Json?userId.GetInt64()
                    let last = server.Clock.GetUtcNow().AddHours 1.

                    let ending (after: TimeSpan) =
                        let expires = (last + after).ToString "O"
                        $"""{{"name":"x","expires":"{expires}"}}"""

                    let! brief, _ = addKey server Send.asAdmin id (ending TimeSpan.Zero)

                    for body in [ """{"name":"x"}"""; ending (TimeSpan.FromSeconds 1.) ] do
                        let! reply = send server (withKey brief) "POST" $"/api/users/{id}/keys" body
                        Expect.equal reply.Status 400 reply.Text
                        Expect.equal (Send.invalidFields reply) [ "expires" ] "field"
                        Expect.stringContains (text reply.Json?detail) (last.ToString "O") "detail"

                    let! same, _ = addKey server (withKey brief) id (ending TimeSpan.Zero)
                    let! mine = Send.send server (withKey same) "GET" "/api/session" null
                    Expect.equal (Values.parseInstant (text mine.Json?expires)) (Some last) "expiry of the new key"

                    let! cookie = SignIn.cookieFor server "admin"
                    let! lasting, _ = addKey server (asRole cookie) id """{"name":"x"}"""
                    let! status = statusOf server (withKey lasting) "/api/session"
                    Expect.equal status 200 "a session can create keys that never expire"
                }))

        testCaseTask
            "an expired or revoked key is rejected, and the last use of a key is listed"
            (withServer (fun server ->
                task {
                    let! id = addUser server "ann" "viewer"
                    let! cookie = SignIn.cookieFor server "ann"
                    let expires = server.Clock.GetUtcNow().AddMinutes(30.).ToString "O"

                    let! brief, _ =
                        addKey server (asRole cookie) id $"""{{"name":"brief","expires":"{expires}"}}"""

                    let! key, keyId = addKey server (asRole cookie) id """{"name":"long"}"""

                    let! past =
                        send
                            server
                            (asRole cookie)
                            "POST"
                            $"/api/users/{id}/keys"
                            """{"name":"x","expires":"2020-01-01T00:00:00Z"}"""

                    Expect.equal (Send.invalidFields past) [ "expires" ] "an expiry in the past"

                    let! first = statusOf server (withKey brief) "/api/session"
                    Expect.equal first 200 "before expiry"
                    server.Clock.Advance(TimeSpan.FromMinutes 30.)
                    let! after = statusOf server (withKey brief) "/api/session"
                    let! other = statusOf server (withKey key) "/api/session"
                    Expect.equal (after, other) (401, 200) "after expiry"

                    let! listed = Send.send server (asRole cookie) "GET" $"/api/users/{id}/keys" null

                    let lastUsed =
                        items listed.Json
                        |> List.map (fun key -> Values.parseInstant (text key?lastUsed))

                    let now = server.Clock.GetUtcNow()
                    Expect.equal lastUsed [ Some now; Some(now.AddMinutes -30.) ] "last uses"

                    let! revoked =
                        send server (asRole cookie) "DELETE" $"/api/users/{id}/keys/{keyId}" ""

                    Expect.equal revoked.Status 204 revoked.Text
                    let! after = statusOf server (withKey key) "/api/session"
                    let! again = send server (asRole cookie) "DELETE" $"/api/users/{id}/keys/{keyId}" ""
                    Expect.equal (after, again.Status) (401, 404) "after it was revoked"
                }))

        testCaseTask
            "a session without a User-Agent header has no user agent"
            (withServer (fun server ->
                task {
                    let! id = addUser server "ann" "viewer"

                    let! opened = signIn server "ann" TestSettings.Password

                    let! listed =
                        Send.send server (asRole (cookieOf opened)) "GET" $"/api/users/{id}/sessions" null

                    let agents =
                        items listed.Json |> List.map (fun session -> session?userAgent.ValueKind)

                    Expect.equal agents [ JsonValueKind.Null ] "agents"
                }))

        testCaseTask
            "sessions are listed with their origin, and can be ended singly or all but the current one"
            (withServer (fun server ->
                task {
                    let! id = addUser server "ann" "viewer"

                    let fromBrowser (agent: string) =
                        task {
                            let body = $"""{{"username":"ann","password":"{TestSettings.Password}"}}"""

                            let! reply =
                                send server (Send.withHeader "User-Agent" agent) "POST" "/api/session" body

                            return cookieOf reply
                        }

                    let! one = fromBrowser "One"
                    let! two = fromBrowser (String('x', 300))
                    let! three = fromBrowser "Three"
                    let! listed = Send.send server (asRole three) "GET" $"/api/users/{id}/sessions" null
                    let sessions = items listed.Json

                    Expect.equal
                        (sessions
                         |> List.map (fun session -> text session?userAgent, session?current.GetBoolean()))
                        [ "Three", true; String('x', 200), false; "One", false ]
                        "sessions"

                    for session in sessions do
                        Expect.equal (text session?address) "127.0.0.1" "address"

                    let last = (List.last sessions)?id.GetInt64()

                    let! ended =
                        send server (asRole three) "DELETE" $"/api/users/{id}/sessions/{last}" ""

                    Expect.equal ended.Status 204 ended.Text
                    let! first = statusOf server (asRole one) "/api/session"
                    let! second = statusOf server (asRole two) "/api/session"
                    Expect.equal (first, second) (401, 200) "after one was ended"

                    let! all = send server (asRole three) "DELETE" $"/api/users/{id}/sessions" ""
                    Expect.equal (all.Json?ended.GetInt32()) 1 "ended"
                    let! second = statusOf server (asRole two) "/api/session"
                    let! third = statusOf server (asRole three) "/api/session"
                    Expect.equal (second, third) (401, 200) "after all others were ended"
                }))

        testCaseTask
            "only admins can read or change the account of another user"
            (withServer (fun server ->
                task {
                    let! me = Send.get server "/api/session"
                    let admin = me.Json?userId.GetInt64()
                    let! ann = addUser server "ann" "operator"
                    let! cookie = SignIn.cookieFor server "ann"
                    let! own = Send.send server (asRole cookie) "GET" $"/api/users/{ann}" null
                    Expect.equal (text own.Json?username) "ann" "own account"

                    for verb, path, body in
                        [
                            "GET", $"/api/users/{admin}", ""
                            "GET", $"/api/users/{admin}/sessions", ""
                            "DELETE", $"/api/users/{admin}/sessions", ""
                            "DELETE", $"/api/users/{admin}/sessions/1", ""
                            "GET", $"/api/users/{admin}/keys", ""
                            "POST", $"/api/users/{admin}/keys", """{"name":"mine"}"""
                            "DELETE", $"/api/users/{admin}/keys/1", ""
                        ] do
                        let! reply = send server (asRole cookie) verb path body
                        Expect.equal reply.Status 404 $"{verb} {path}"

                    for verb, path, body in
                        [
                            "GET", "/api/users", ""
                            "POST", "/api/users", """{"username":"x"}"""
                            "PATCH", $"/api/users/{ann}", """{"role":"admin"}"""
                            "DELETE", $"/api/users/{admin}", ""
                            "GET", "/api/audit", ""
                        ] do
                        let! reply = send server (asRole cookie) verb path body
                        Expect.equal reply.Status 403 $"{verb} {path}"

                    let! stillIn = Send.get server "/api/session"
                    Expect.equal stillIn.Status 200 "the admin's key"
                }))

        testCaseTask
            "the last enabled admin cannot be demoted, disabled or deleted"
            (withServer (fun server ->
                task {
                    let! me = Send.get server "/api/session"
                    let admin = me.Json?userId.GetInt64()

                    for verb, body in
                        [
                            "PATCH", """{"role":"viewer"}"""
                            "PATCH", """{"enabled":false}"""
                            "DELETE", ""
                        ] do
                        let! reply = send server Send.asAdmin verb $"/api/users/{admin}" body
                        Expect.equal reply.Status 409 reply.Text
                        Expect.equal (kindOf reply) "urn:gopherflow:problem:last-admin" "kind"

                    let! _ = addUser server "second" "admin"
                    let! cookie = SignIn.cookieFor server "second"
                    let! reply = send server (asRole cookie) "DELETE" $"/api/users/{admin}" ""
                    Expect.equal reply.Status 204 reply.Text
                    let! gone = Send.get server "/api/session"
                    Expect.equal gone.Status 401 "a key of the deleted user"
                }))

        testCaseTask
            "guesses from other addresses do not lock out a user from a known address"
            (withServer (fun server ->
                task {
                    let! _ = addUser server "ann" "viewer"
                    let! _ = SignIn.cookieFor server "ann"

                    // Failed attempts from a thousand other addresses.
                    let throttle = (Services.from server.Services).Throttle

                    for index in 1..1000 do
                        throttle.Attempt("ANN", $"192.0.2.{index}") |> ignore

                    Expect.isError (throttle.Attempt("ann", "198.51.100.1")) "a new address must wait"
                    let! reply = signIn server "ann" TestSettings.Password
                    Expect.equal reply.Status 200 reply.Text
                }))
    ]
