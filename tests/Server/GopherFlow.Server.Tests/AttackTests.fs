namespace GopherFlow.Server.Tests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Threading.Tasks
open Expecto
open GopherFlow.Server
open GopherFlow.TestSupport
open Microsoft.AspNetCore.Builder

/// Attacks on the server. Each of these worked once.
module AttackTests =

    let private postAsAdmin server path (body: string) =
        Send.send server Send.asAdmin "POST" path (Send.json body)

    /// Sends the request bytes unchanged and returns the status line of the response.
    let private raw (server: TestServer) (request: string) =
        task {
            let address = server.Http.BaseAddress |> Option.ofObj |> Option.get
            use client = new TcpClient()
            do! client.ConnectAsync(address.Host, address.Port)
            let stream = client.GetStream()
            do! stream.WriteAsync(Encoding.Latin1.GetBytes request)
            use reader = new StreamReader(stream, Encoding.UTF8)
            let! status = reader.ReadLineAsync()
            return status |> Option.ofObj |> Option.defaultValue ""
        }

    /// One test case per named row. `testTheoryTask` would put the data into the test names and into the report.
    let private namedCases name rows (run: 'data -> Task<unit>) =
        testList name (rows |> List.map (fun (row, data) -> testCaseTask row (fun () -> run data)))

    let tests =
        testList "Attack" [
            namedCases
                "a body full of errors is rejected cheaply and at most 20 errors are listed"
                [
                    let key = String('k', 200_000)
                    let members = String.Join(",", Seq.init 90_000 (fun index -> $"\"f{index}\":1"))
                    let same = String.Join(",", Seq.replicate 20_000 "\"x\":1")
                    let nested = String.replicate 60 "{\"a\":" + "1" + String.replicate 60 "}"
                    let values = String.Join(",", Seq.replicate 90_000 "1")
                    "a long key", $"{{\"{key}\":{{{members.Substring(0, 250_000)}0}}}}"
                    "unknown fields", $"{{{members}}}"
                    "a repeated field", $"{{{same}}}"
                    "deep nesting", nested
                    "a long list", $"{{\"username\":[{values}]}}"
                    "a truncated object", $"{{{members}"
                    "text with unpaired surrogates", $"""{{"username":"{String.replicate 20_000 "\\ud800"}"}}"""
                ]
                (fun body ->
                    task {
                        use! server = TestServer.StartAsync()
                        let! _ = postAsAdmin server "/api/users" "{}"
                        let before = GC.GetTotalAllocatedBytes true
                        let began = Stopwatch.GetTimestamp()
                        let! reply = postAsAdmin server "/api/users" body
                        let allocated = GC.GetTotalAllocatedBytes true - before
                        Expect.equal reply.Status 400 "status"
                        Expect.isLessThanOrEqual (items reply.Json?errors).Length 20 "listed errors"
                        Expect.isLessThan reply.Text.Length 60_000 "response length"
                        Expect.isLessThan allocated 200_000_000L "bytes allocated"
                        Expect.isLessThan (Stopwatch.GetElapsedTime began) (TimeSpan.FromSeconds 5.) "time"
                    })

            testTheoryTask
                "NUL is rejected in every text field and parameter"
                [
                    "POST", "/api/session", """{"username":"a\u0000b","password":"x"}""", "username"
                    "POST", "/api/session", """{"username":"a","password":"x\u0000"}""", "password"
                    "POST", "/api/workflows/search", """{"businessKey":"a\u0000"}""", "businessKey"
                    "POST",
                    "/api/jobs/forecast",
                    """{"operation":{"kind":"pause"},"filter":{"states":["a\u0000"]}}""",
                    "filter.states[0]"
                    "GET", "/api/scripts/Hello/differences?from=a%00&to=b", "", "from"
                    "GET", "/api/events?workflowType=a%00", "", "workflowType"
                ]
                (fun (method: string, path: string, body: string, field: string) ->
                    task {
                        use! server = TestServer.StartAsync()

                        let! reply =
                            Send.send server Send.asAdmin method path (if body = "" then null else Send.json body)

                        Expect.equal (reply.Status, Send.invalidFields reply) (400, [ field ]) "status and field"
                    })

            testTheoryTask
                "only requests for allowed hosts are served"
                [
                    "flows.example.com", 200
                    "FLOWS.example.com:8080", 200
                    "a.internal", 200
                    "attacker.example", 421
                    "internal", 421
                    "localhost", 421
                ]
                (fun (host: string, status: int) ->
                    task {
                        use! server =
                            TestServer.StartAsync([ "GFLOW_ALLOWED_HOSTS", "flows.example.com, *.internal" ], ignore)

                        for path in [ "/api/openapi.json"; "/" ] do
                            let mark request =
                                Send.asAdmin request
                                request.Headers.Host <- host

                            let! reply = Send.send server mark "GET" path null
                            Expect.equal reply.Status status $"{path}: {server.Logged}"

                        // A probe uses any address of the server, often an IP address.
                        let! health =
                            Send.send server (fun request -> request.Headers.Host <- host) "GET" "/health" null

                        Expect.equal health.Status 200 "health"
                    })

            testCaseTask "with the default password only loopback host names are served" (fun () ->
                task {
                    use! server = TestServer.StartInDevelopmentAsync()

                    let signIn (host: string) =
                        Send.send
                            server
                            (fun request -> request.Headers.Host <- host)
                            "POST"
                            "/api/session"
                            (Send.json """{"username":"admin","password":"admin"}""")

                    for host in [ "localhost"; "127.0.0.1"; "[::1]:8080" ] do
                        let! reply = signIn host
                        Expect.equal reply.Status 200 host

                    for host in [ "attacker.example"; "localhost.attacker.example"; "10.0.0.1" ] do
                        let! reply = signIn host
                        Expect.equal reply.Status 421 host
                })

            testCaseTask "X-Forwarded-Proto makes the cookie Secure only behind a trusted proxy" (fun () ->
                task {
                    let cookieOver proxies =
                        task {
                            use! server = TestServer.StartAsync(proxies, ignore)

                            let! reply =
                                Send.send
                                    server
                                    (Send.withHeader "X-Forwarded-Proto" "https")
                                    "POST"
                                    "/api/session"
                                    (Send.json $"""{{"username":"admin","password":"{TestSettings.Password}"}}""")

                            Expect.equal reply.Status 200 "status"
                            return (reply.Header "Set-Cookie").ToLowerInvariant()
                        }

                    let! trusted = cookieOver [ "GFLOW_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1" ]
                    Expect.stringContains trusted "; secure" "trusted"
                    let! untrusted = cookieOver [ "GFLOW_TRUSTED_PROXIES", "10.0.0.0/8" ]
                    Expect.stringLacks untrusted "; secure" "untrusted"
                    let! direct = cookieOver []
                    Expect.stringLacks direct "; secure" "no proxy"
                })

            testCaseTask "a stream ends with the session that opened it" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! cookie = SignIn.asNewUser server "vera" "viewer"
                    use! events = EventReader.OpenAsync(server, Send.withHeader "Cookie" cookie)
                    let! _ = events.NextAsync()

                    let! signedOut =
                        Send.send
                            server
                            (fun request ->
                                Send.withHeader "Cookie" cookie request
                                Send.withHeader "X-GopherFlow" "console" request)
                            "DELETE"
                            "/api/session"
                            null

                    Expect.equal signedOut.Status 204 "status"
                    let! last = events.NextNewsAsync().WaitAsync(TimeSpan.FromSeconds 30.)
                    Expect.isNone last "the stream has ended"
                })

            testCaseTask "streams beyond the limit are rejected, and closing one frees its slot" (fun () ->
                task {
                    use! server = TestServer.StartAsync([ "GFLOW_WEB_MAX_STREAMS", "2" ], ignore)
                    let first = ResizeArray<EventReader>()

                    for _ in 1..2 do
                        let! reader = EventReader.OpenAsync(server, Send.asAdmin)
                        first.Add reader

                    let! refused = Send.get server "/api/events"
                    Expect.equal (refused.Status, refused.Header "Retry-After") (503, "30") "rejected"
                    (first[0] :> IDisposable).Dispose()

                    let rec retry () =
                        task {
                            use request = new HttpRequestMessage(HttpMethod.Get, "/api/events")
                            Send.asAdmin request

                            let! message =
                                server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)

                            if int message.StatusCode = 200 then
                                message.Dispose()
                            else
                                return! retry ()
                        }

                    do! (retry ()).WaitAsync(TimeSpan.FromSeconds 30.)
                    (first[1] :> IDisposable).Dispose()
                })

            testCaseTask "control characters in a path cannot forge log lines" (fun () ->
                task {
                    let handler: Handler =
                        fun _ -> Task.FromException<Answer>(InvalidOperationException "no")

                    use! server =
                        TestServer.StartAsync(
                            [],
                            fun app ->
                                app.MapGet("/fails/{name}", Endpoint.run (Services.from app.Services) handler)
                                |> ignore
                        )

                    let! reply = Send.get server "/fails/x%0D%0A2026-11-22%20ERROR%20forged"
                    Expect.equal reply.Status 500 "status"
                    Expect.isNonEmpty server.Logged "logged"

                    for line in server.Logged do
                        Expect.isFalse (line.Text.Contains '\n') line.Text
                })

            namedCases
                "path traversal and malformed requests are rejected"
                [
                    "path traversal", ("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404")
                    "escaped path traversal below /assets",
                    ("GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404")
                    "escaped path traversal below /api",
                    ("GET /api/workflows/%2e%2e HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "401")
                    "NUL in a path",
                    ("GET /api/definitions/a%00b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400")
                    "NUL in a header",
                    ("GET / HTTP/1.1\r\nHost: x\r\nX-Bad: a\000b\r\nConnection: close\r\n\r\n", "400")
                    "not HTTP", ("NONSENSE\r\n\r\n", "400")
                ]
                (fun (request: string, status: string) ->
                    task {
                        use! server = TestServer.StartAsync()
                        let! line = raw server request
                        Expect.stringContains line status "status line"
                    })

            testCaseTask "every response has a policy against foreign bases, forms, objects and frames" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for path in [ "/"; "/api/session"; "/health"; "/api/docs" ] do
                        let! reply = Send.send server Send.asNobody "GET" path null
                        let policy = reply.Header "Content-Security-Policy"

                        for part in
                            [
                                "base-uri 'none'"
                                "form-action 'self'"
                                "object-src 'none'"
                                "frame-ancestors 'none'"
                            ] do
                            Expect.stringContains policy part path
                })

            testCaseTask "HEAD returns the status and content type of GET without the body" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for path in [ "/api/definitions"; "/api/counts"; "/api/openapi.json"; "/health"; "/ready" ] do
                        let! get = Send.get server path
                        let! head = Send.send server Send.asAdmin "HEAD" path null
                        Expect.equal (head.Status, head.Text) (200, "") path
                        Expect.equal (head.Header "Content-Type") (get.Header "Content-Type") path

                    let! stream =
                        raw
                            server
                            $"HEAD /api/events HTTP/1.1\r\nHost: x\r\nX-API-Key: {TestSettings.ApiKey}\r\nConnection: close\r\n\r\n"

                    Expect.stringContains stream "405" "HEAD on a stream"
                })

            testCaseTask "a path with dot segments is rejected" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    for target in
                        [
                            "/api/jobs/7/cancel/9/.."
                            "/api/jobs/7/cancel/9/%2e%2e"
                            "/api/jobs/./7/cancel"
                        ] do
                        let! line =
                            raw
                                server
                                $"POST {target} HTTP/1.1\r\nHost: x\r\nX-API-Key: {TestSettings.ApiKey}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

                        // Otherwise job 9 would be cancelled and the audit log would name job 7.
                        Expect.stringContains line "400" target
                })
        ]
