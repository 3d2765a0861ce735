namespace GopherFlow.Server.Tests

open System
open System.IO
open System.IO.Compression
open System.Net.Http
open System.Text
open GopherFlow.Execution
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Expecto
open GopherFlow.TestSupport
open Microsoft.Extensions.DependencyInjection

/// Serves test files in place of the built console.
module private SomeConsole =

    let script = String.replicate 500 "console.log('hello');"

    let assets =
        [
            "/index.html", "<!doctype html><title>the console</title>nonce nonce-of-this-answer"
            "/assets/main-1a2b3c.js", script
            "/icon.svg", "<svg/>"
            "/assets/pixel.png", "not really"
        ]
        |> List.map (fun (path, content) -> path, Assets.create path (Encoding.UTF8.GetBytes content))
        |> Map.ofList

    /// Maps the test files to every path that has no other route.
    let map (app: WebApplication) =
        let services = Services.from app.Services
        app.Map("/{**path}", Endpoint.run services (ConsolePages.page assets)) |> ignore

module ConsoleTests =
    let tests =

        let withConsole () =
            TestServer.StartAsync([], SomeConsole.map)

        let get server path =
            Send.send server Send.asNobody "GET" path null

        let getPacked (server: TestServer) (path: string) (accept: string) =
            task {
                use request = new HttpRequestMessage(HttpMethod.Get, path)
                request.Headers.TryAddWithoutValidation("Accept-Encoding", accept) |> ignore
                return! server.Http.SendAsync request
            }

        testList "Console" [
            testTheoryTask
                "every console path returns the same page and is revalidated"
                [
                    "/"
                    "/index.html"
                    "/workflows/7"
                    "/definitions/Order.v2"
                    "/jobs/7"
                    "/schedules"
                ]
                (fun (path: string) ->
                    task {
                        use! server = withConsole ()
                        let! reply = get server path
                        Expect.equal reply.Status 200 "status"
                        Expect.stringContains reply.Text "the console" "text"
                        Expect.equal (reply.Header "Content-Type") "text/html; charset=utf-8" "Content-Type"
                        Expect.equal (reply.Header "Cache-Control") "no-cache" "Cache-Control"
                    })

            testCaseTask "only files with a hash in their name are immutable in the cache" (fun () ->
                task {
                    use! server = withConsole ()
                    let! script = get server "/assets/main-1a2b3c.js"
                    Expect.equal script.Text SomeConsole.script "text"
                    Expect.stringContains (script.Header "Cache-Control") "immutable" "Cache-Control"
                    Expect.stringStarts (script.Header "Content-Type") "text/javascript" "Content-Type"
                    let! icon = get server "/icon.svg"
                    Expect.equal (icon.Header "Cache-Control") "no-cache" "Cache-Control"
                })

            testTheoryTask
                "a missing file is 404"
                [ "/assets/missing.js"; "/favicon.ico"; "/health/no"; "/metric"; "/apiary" ]
                (fun (path: string) ->
                    task {
                        use! server = withConsole ()
                        let! reply = get server path
                        Expect.equal reply.Status 404 "status"
                    })

            testCaseTask "files are compressed with an encoding that the browser accepts" (fun () ->
                task {
                    use! server = withConsole ()

                    let unpack (encoding: string) (packed: Stream) : Stream =
                        match encoding with
                        | "br" -> new BrotliStream(packed, CompressionMode.Decompress)
                        | "gzip" -> new GZipStream(packed, CompressionMode.Decompress)
                        | _ -> packed

                    for accept, expected in
                        [
                            "gzip, deflate, br", "br"
                            "gzip", "gzip"
                            "br;q=0, gzip", "gzip"
                            "identity", ""
                        ] do
                        let! message = getPacked server "/assets/main-1a2b3c.js" accept

                        Expect.equal
                            (String.Join("", message.Content.Headers.ContentEncoding))
                            expected
                            "content encoding of the file"

                        Expect.contains message.Headers.Vary "Accept-Encoding" "vary"
                        let! packed = message.Content.ReadAsStreamAsync()
                        use reader = new StreamReader(unpack expected packed)
                        Expect.equal (reader.ReadToEnd()) SomeConsole.script "unpacked text"

                    let! image = getPacked server "/assets/pixel.png" "br"
                    Expect.isEmpty image.Content.Headers.ContentEncoding "content encoding of the image"
                })

            testCaseTask "a file with a matching ETag is not sent again" (fun () ->
                task {
                    use! server = withConsole ()
                    let! first = get server "/icon.svg"
                    use request = new HttpRequestMessage(HttpMethod.Get, "/icon.svg")
                    Send.withHeader "If-None-Match" (first.Header "ETag") request
                    let! second = server.Http.SendAsync request
                    Expect.equal (int second.StatusCode) 304 "status code"
                })

            testCaseTask "styles come from files or carry the nonce of the response" (fun () ->
                task {
                    use! server = withConsole ()
                    let! first = get server "/"
                    let! second = get server "/workflows"
                    let nonceOf (reply: Reply) = reply.Text.Split("nonce ")[1]
                    Expect.notEqual (nonceOf first) (nonceOf second) "nonces"

                    for reply in [ first; second ] do
                        let policy = reply.Header "Content-Security-Policy"
                        Expect.stringContains policy $"style-src 'self' 'nonce-{nonceOf reply}'" "policy"
                        Expect.stringLacks policy "unsafe" "policy"

                    let! script = get server "/assets/main-1a2b3c.js"
                    Expect.stringLacks (script.Header "Content-Security-Policy") "unsafe" "policy of a file"
                })

            testCaseTask "only GET and HEAD are allowed" (fun () ->
                task {
                    use! server = withConsole ()
                    let! reply = Send.send server Send.asNobody "POST" "/workflows" (Send.json "{}")
                    Expect.equal reply.Status 405 "status"
                    Expect.equal (reply.Header "Allow") "GET, HEAD" "Allow"
                    let! head = Send.send server Send.asNobody "HEAD" "/" null
                    Expect.equal head.Status 200 "status"
                    Expect.equal head.Text "" "text"
                })

            testCaseTask "/ready needs no sign-in and gives the reasons when not ready" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! reply = get server "/ready"
                    Expect.equal reply.Status 200 "status"
                    Expect.equal reply.Text "ok" "text"

                    let health = server.Services.GetRequiredService<EngineHealth>()

                    for _ in 1..5 do
                        health.RoleFailed "repairer"

                    let! reply = get server "/ready"
                    Expect.equal reply.Status 503 "status"

                    Expect.equal
                        (items reply.Json?reasons |> List.map text)
                        [ "The repairer has failed 5 times in the last minute; see the log." ]
                        "reasons"
                })


            testCaseTask "/health needs no sign-in" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! reply = get server "/health"
                    Expect.equal reply.Status 200 "status"
                    Expect.equal reply.Text "ok" "text"
                    let! head = Send.send server Send.asNobody "HEAD" "/health" null
                    Expect.equal head.Status 200 "status"
                })

            testCaseTask "without a built console a page explains how to build it" (fun () ->
                task {
                    use! server =
                        TestServer.StartAsync(
                            [],
                            fun app ->
                                let services = Services.from app.Services

                                app.Map("/{**path}", Endpoint.run services (ConsolePages.page Map.empty))
                                |> ignore
                        )

                    let! reply = get server "/"
                    Expect.equal reply.Status 200 "status"
                    Expect.stringContains reply.Text "dotnet fsi build.fsx run" "text"
                })

            testCaseTask "routes of the application take precedence over the console" (fun () ->
                task {
                    use! server =
                        TestServer.StartAsync(
                            [],
                            fun app -> app.MapGet("/hello", Func<string>(fun () -> "from the app")) |> ignore
                        )

                    let! text = server.Http.GetStringAsync "/hello"
                    Expect.equal text "from the app" "response"
                })
        ]
