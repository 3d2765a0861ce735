namespace GopherFlow.Server.Tests

open System
open System.IO
open System.IO.Compression
open System.Net.Http
open System.Text
open GopherFlow.Execution
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection
open Xunit

/// Serves files that stand for the built console.
module private SomeConsole =

    let script = String.replicate 500 "console.log('hello');"

    let assets =
        [
            "/index.html", "<!doctype html><title>the console</title>"
            "/assets/main-1a2b3c.js", script
            "/icon.svg", "<svg/>"
            "/assets/pixel.png", "not really"
        ]
        |> List.map (fun (path, content) -> path, Assets.create path (Encoding.UTF8.GetBytes content))
        |> Map.ofList

    /// Under a path of its own, in front of what the server maps by itself.
    let map (app: WebApplication) =
        let services = Services.from app.Services
        app.Map("/{**path}", Endpoint.run services (ConsolePages.page assets)) |> ignore

type ConsoleTests() =

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

    [<Theory>]
    [<InlineData("/")>]
    [<InlineData("/index.html")>]
    [<InlineData("/workflows/7")>]
    [<InlineData("/definitions/Order")>]
    [<InlineData("/apiary")>]
    member _.``every path of the console is the one page, and is asked for anew``(path: string) =
        task {
            use! server = withConsole ()
            let! reply = get server path
            Assert.Equal(200, reply.Status)
            Assert.Contains("the console", reply.Text)
            Assert.Equal("text/html; charset=utf-8", reply.Header "Content-Type")
            Assert.Equal("no-cache", reply.Header "Cache-Control")
        }

    [<Fact>]
    member _.``files with a hash in their name are kept for ever, others are not``() =
        task {
            use! server = withConsole ()
            let! script = get server "/assets/main-1a2b3c.js"
            Assert.Equal(SomeConsole.script, script.Text)
            Assert.Contains("immutable", script.Header "Cache-Control")
            Assert.StartsWith("text/javascript", script.Header "Content-Type")
            let! icon = get server "/icon.svg"
            Assert.Equal("no-cache", icon.Header "Cache-Control")
        }

    [<Theory>]
    [<InlineData("/assets/missing.js")>]
    [<InlineData("/favicon.ico")>]
    [<InlineData("/health/live")>]
    member _.``what is missing is 404``(path: string) =
        task {
            use! server = withConsole ()
            let! reply = get server path
            Assert.Equal(404, reply.Status)
        }

    [<Fact>]
    member _.``files are packed as the browser likes``() =
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
                Assert.Equal(expected, String.Join("", message.Content.Headers.ContentEncoding))
                Assert.Contains("Accept-Encoding", message.Headers.Vary)
                let! packed = message.Content.ReadAsStreamAsync()
                use reader = new StreamReader(unpack expected packed)
                Assert.Equal(SomeConsole.script, reader.ReadToEnd())

            let! image = getPacked server "/assets/pixel.png" "br"
            Assert.Empty image.Content.Headers.ContentEncoding
        }

    [<Fact>]
    member _.``what the browser has already is not sent again``() =
        task {
            use! server = withConsole ()
            let! first = get server "/"
            use request = new HttpRequestMessage(HttpMethod.Get, "/")
            Send.withHeader "If-None-Match" (first.Header "ETag") request
            let! second = server.Http.SendAsync request
            Assert.Equal(304, int second.StatusCode)
        }

    [<Fact>]
    member _.``other methods are refused``() =
        task {
            use! server = withConsole ()
            let! reply = Send.send server Send.asNobody "POST" "/workflows" (Send.json "{}")
            Assert.Equal(405, reply.Status)
            Assert.Equal("GET, HEAD", reply.Header "Allow")
            let! head = Send.send server Send.asNobody "HEAD" "/" null
            Assert.Equal(200, head.Status)
            Assert.Equal("", head.Text)
        }

    [<Fact>]
    member _.``health is open``() =
        task {
            use! server = TestServer.StartAsync()
            let! reply = get server "/health"
            Assert.Equal(200, reply.Status)
            Assert.Equal("ok", reply.Text)
            let! head = Send.send server Send.asNobody "HEAD" "/health" null
            Assert.Equal(200, head.Status)
        }

    [<Fact>]
    member _.``ready is open, and says why it is not``() =
        task {
            use! server = TestServer.StartAsync()
            let! reply = get server "/ready"
            Assert.Equal(200, reply.Status)
            Assert.Equal("ok", reply.Text)

            let health = server.Services.GetRequiredService<EngineHealth>()

            for _ in 1..5 do
                health.RoleFailed("repairer", InvalidOperationException "no")

            let! reply = get server "/ready"
            Assert.Equal(503, reply.Status)

            Assert.Equal(
                "The repairer has failed 5 times in the last minute, at last with: no",
                text (Assert.Single(items reply.Json?reasons))
            )
        }

    [<Fact>]
    member _.``without a built console a page says how to build it``() =
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
            Assert.Equal(200, reply.Status)
            Assert.Contains("dotnet fsi build.fsx run", reply.Text)
        }

    [<Fact>]
    member _.``routes of the app go before the console``() =
        task {
            use! server =
                TestServer.StartAsync(
                    [],
                    fun app -> app.MapGet("/hello", Func<string>(fun () -> "from the app")) |> ignore
                )

            let! text = server.Http.GetStringAsync "/hello"
            Assert.Equal("from the app", text)
        }
