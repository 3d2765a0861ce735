namespace GopherFlow.Server.Tests

open System
open System.IO
open System.Net.Http
open System.Net.Sockets
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Expecto
open GopherFlow.TestSupport

/// One server-sent event.
type ServerEvent = {
    Name: string
    Id: string
    Data: string
} with

    member event.Json = JsonDocument.Parse(event.Data).RootElement

/// Reads a stream of server-sent events.
type EventReader(message: HttpResponseMessage, reader: StreamReader) =

    let rec block lines =
        task {
            match! reader.ReadLineAsync() with
            | null -> return None
            | "" -> return Some(List.rev lines)
            | line -> return! block (line :: lines)
        }

    let valueOf (name: string) (lines: string list) =
        lines
        |> List.tryFind (fun line -> line.StartsWith(name + ": ", StringComparison.Ordinal))
        |> Option.map (fun line -> line.Substring(name.Length + 2))
        |> Option.defaultValue ""

    member _.Message = message

    /// The lines up to the next empty line, or None at the end of the stream.
    member _.BlockAsync() = block []

    /// The next event, skipping comments, or None at the end of the stream.
    member this.NextAsync() : Task<ServerEvent option> =
        task {
            match! this.BlockAsync() with
            | None -> return None
            | Some lines when lines.Head.StartsWith ':' -> return! this.NextAsync()
            | Some lines ->
                return
                    Some {
                        Name = valueOf "event" lines
                        Id = valueOf "id" lines
                        Data = valueOf "data" lines
                    }
        }

    /// The next event other than resync. The first stream of a process starts with a resync event for changes made before it listened.
    member this.NextNewsAsync() : Task<ServerEvent option> =
        task {
            match! this.NextAsync() with
            | Some event when event.Name = "resync" -> return! this.NextNewsAsync()
            | event -> return event
        }

    /// Opens a stream with an 8 KiB receive buffer, so that a client that does not read slows the server down. By default the operating
    /// system buffers megabytes.
    static member OpenUnbufferedAsync(server: TestServer, mark: Send.Mark) =
        let connect (context: SocketsHttpConnectionContext) (cancellation: CancellationToken) =
            task {
                let socket =
                    new Socket(SocketType.Stream, ProtocolType.Tcp, ReceiveBufferSize = 8192)

                do! socket.ConnectAsync(context.DnsEndPoint, cancellation)
                return new NetworkStream(socket, ownsSocket = true) :> Stream
            }

        let handler =
            new SocketsHttpHandler(
                UseCookies = false,
                ConnectCallback = fun context cancellation -> ValueTask<Stream>(connect context cancellation)
            )

        EventReader.OpenAsync(new HttpClient(handler, BaseAddress = server.Http.BaseAddress), mark)

    static member OpenAsync(server: TestServer, mark: Send.Mark) =
        EventReader.OpenAsync(server.Http, mark)

    static member private OpenAsync(http: HttpClient, mark: Send.Mark) =
        task {
            use request = new HttpRequestMessage(HttpMethod.Get, "/api/events")
            mark request

            let! message = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)

            Expect.equal (int message.StatusCode) 200 "status code"
            let! stream = message.Content.ReadAsStreamAsync()
            return new EventReader(message, new StreamReader(stream))
        }

    interface IDisposable with
        member _.Dispose() =
            reader.Dispose()
            message.Dispose()

module LiveEventTests =
    let tests =

        let next (events: EventReader) =
            task {
                let! event = events.NextNewsAsync()
                return Option.get event
            }

        let rec comment (events: EventReader) =
            task {
                match! events.BlockAsync() with
                | Some lines when not (lines.Head.StartsWith ':') -> return! comment events
                | lines -> return lines
            }

        /// Creates an API key of the admin with a lifetime. Returns the key, the user id and the key id.
        let keyWith (server: TestServer) (lifetime: TimeSpan) =
            task {
                let! me = Send.get server "/api/session"
                let user = me.Json?userId.GetInt64()
                let expires = (server.Clock.GetUtcNow() + lifetime).ToString "O"

                let! made =
                    Send.post server $"/api/users/{user}/keys" $"""{{"name":"stream","expires":"{expires}"}}"""

                Expect.equal made.Status 201 made.Text
                return text made.Json?key, user, made.Json?details?id.GetInt64()
            }

        /// Opens a stream and reads its first two events, hello and resync.
        let openedAs (server: TestServer) (mark: Send.Mark) =
            task {
                let! events = EventReader.OpenAsync(server, mark)
                let! hello = events.NextAsync()
                let! resync = events.NextAsync()
                let names = [ hello; resync ] |> List.choose id |> List.map _.Name
                Expect.equal names [ "hello"; "resync" ] "first events"
                return events
            }

        /// True when the stream reports a workflow in the state, false when the stream ends first.
        let rec reports (state: string) (events: EventReader) : Task<bool> =
            task {
                match! events.NextAsync() with
                | None -> return false
                | Some event when event.Name = "workflow" && text event.Json?state = state -> return true
                | Some _ -> return! reports state events
            }

        /// Advances the clock by ten seconds and commits a workflow. True when the stream reports it.
        let reportsAfterTenSeconds (server: TestServer) (events: EventReader) =
            task {
                server.Clock.Advance(TimeSpan.FromSeconds 10.)
                let! _ = Make.workflowIn server "Order" "Review" (Make.newId ())
                return! reports "Review" events
            }

        testList "Live event" [
            testCaseTask "a stream starts with hello and reports each workflow commit in order" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! events = EventReader.OpenAsync(server, Send.asAdmin)

                    let contentType =
                        events.Message.Content.Headers.ContentType |> Option.ofObj |> Option.map string

                    Expect.equal contentType (Some "text/event-stream") "content type"
                    let! hello = next events
                    Expect.equal hello.Name "hello" "name"
                    Expect.equal (text hello.Json?version) GopherFlow.Server.ServerVersion.text "version"
                    let! order = Make.workflowIn server "Order" "Review" "one"
                    let! created = next events
                    let! arrived = next events

                    for event in [ created; arrived ] do
                        Expect.equal event.Name "workflow" "name"
                        Expect.isNonEmpty event.Id "id"
                        Expect.equal (event.Json?id.GetInt64()) (order?id.GetInt64()) "id"
                        Expect.equal (text event.Json?workflowType) "Order" "workflow type"
                        Expect.equal (text event.Json?version) TestWorkflows.order.Version "version"
                        Expect.isTrue (isJsonNull event.Json?parentWorkflowId) "parent workflow id"
                        Expect.isTrue (isJsonNull event.Json?nextActivation) "next activation"
                        Expect.equal (text event.Json?modified) "2026-11-22T19:00:00.000000Z" "modified"

                    Expect.isTrue (isJsonNull created.Json?previousState) "previous state"
                    Expect.equal (text created.Json?state) "Init" "state"
                    Expect.equal (text arrived.Json?previousState) "Init" "previous state"
                    Expect.equal (text arrived.Json?state) "Review" "state"
                    Expect.equal (text arrived.Json?status) "WAITING" "status"
                })

            testCaseTask "an idle stream gets a comment every 15 seconds" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! events = EventReader.OpenAsync(server, Send.asAdmin)
                    let! _ = next events
                    let comment = comment events
                    do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 15., comment)
                    let! lines = comment
                    Expect.stringStarts lines.Value.Head ":" "lines"
                })

            testCaseTask "every stream receives every commit" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! first = EventReader.OpenAsync(server, Send.asAdmin)
                    use! second = EventReader.OpenAsync(server, Send.asAdmin)
                    let! _ = Task.WhenAll(next first, next second)
                    let! _ = Make.workflow server "Order" "one"
                    let! a = next first
                    let! b = next second
                    Expect.equal b.Data a.Data "data"
                })

            testCaseTask "stopping the server ends the stream immediately" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! events = EventReader.OpenAsync(server, Send.asAdmin)
                    let! _ = next events
                    let stopping = server.StopAsync()
                    let! last = events.NextNewsAsync()
                    Expect.equal last None "last"
                    do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., stopping)
                })

            testCaseTask "the stream ends when the session expires" (fun () ->
                task {
                    use! server = TestServer.StartAsync()

                    let! signedIn =
                        Send.send
                            server
                            Send.asNobody
                            "POST"
                            "/api/session"
                            (Send.json $"""{{"username":"admin","password":"{TestSettings.Password}"}}""")

                    let cookie = (signedIn.Header "Set-Cookie").Split(';')[0]
                    use! events = EventReader.OpenAsync(server, Send.withHeader "Cookie" cookie)
                    let! _ = next events
                    let last = events.NextNewsAsync()
                    do! server.Clock.AdvanceUntil(TimeSpan.FromMinutes 10., last)
                    let! last = last
                    Expect.equal last None "last"

                    Expect.isTrue
                        (server.Clock.GetUtcNow()
                         >= DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero))
                        "an hour has passed"
                })

            testCaseTask "a busy stream ends when its API key expires" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! key, _, _ = keyWith server (TimeSpan.FromSeconds 60.)
                    use! events = openedAs server (Send.withHeader "X-API-Key" key)

                    for _ in 1..5 do
                        let! reported = reportsAfterTenSeconds server events
                        Expect.isTrue reported "before expiry"

                    let last = events.NextNewsAsync()
                    server.Clock.Advance(TimeSpan.FromSeconds 10.)
                    let! last = last.WaitAsync(TimeSpan.FromMinutes 1.)
                    Expect.equal last None "at expiry"
                })

            testCaseTask "an API key that expires in ten years opens a stream" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! key, _, _ = keyWith server (TimeSpan.FromDays 3650.)
                    use! events = EventReader.OpenAsync(server, Send.withHeader "X-API-Key" key)
                    let! hello = next events
                    Expect.equal hello.Name "hello" "name"
                })

            testCaseTask "a busy stream ends soon after another server has revoked its key" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! key, user, id = keyWith server (TimeSpan.FromDays 1.)
                    use! events = openedAs server (Send.withHeader "X-API-Key" key)
                    let now = server.Clock.GetUtcNow()
                    let! _ = server.Accounts.RevokeApiKeyAsync(user, id, now, CancellationToken.None)
                    let! first = reportsAfterTenSeconds server events
                    let! second = reportsAfterTenSeconds server events
                    Expect.equal (first, second) (true, false) "after 10 and 20 seconds"
                })

            testCaseTask "a busy stream ends soon after another server has ended its session" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    let! cookie = SignIn.asNewUser server "ann" "viewer"
                    let asAnn = Send.withHeader "Cookie" cookie
                    let! me = Send.send server asAnn "GET" "/api/session" null
                    use! events = openedAs server asAnn

                    let! ended =
                        server.Accounts.DeleteSessionsAsync(
                            me.Json?userId.GetInt64(),
                            Nullable(),
                            CancellationToken.None
                        )

                    Expect.equal ended 1 "sessions"
                    let! first = reportsAfterTenSeconds server events
                    let! second = reportsAfterTenSeconds server events
                    Expect.equal (first, second) (true, false) "after 10 and 20 seconds"
                })

            testCaseTask "the hello of a resumed stream has no id" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! first = EventReader.OpenAsync(server, Send.asAdmin)
                    let! hello = next first
                    Expect.isNonEmpty hello.Id "the id of a new stream"

                    let resuming: Send.Mark =
                        fun request ->
                            Send.asAdmin request
                            Send.withHeader "Last-Event-ID" hello.Id request

                    use! second = EventReader.OpenAsync(server, resuming)
                    let! again = next second
                    Expect.equal (again.Name, again.Id) ("hello", "") "the id of a resumed stream"
                })

            testCaseTask "a client that reads too slowly receives a resync event" (fun () ->
                task {
                    use! server = TestServer.StartAsync()
                    use! events = EventReader.OpenUnbufferedAsync(server, Send.asAdmin)
                    let! hello = next events
                    Expect.equal hello.Name "hello" "name"
                    let! begins = events.NextAsync()
                    Expect.equal (begins |> Option.map _.Name) (Some "resync") "the first event"
                    let creating = Array.init 40 (fun batch -> batch)

                    for batch in creating do
                        let! _ =
                            Task.WhenAll(
                                Seq.init 250 (fun index ->
                                    Send.post
                                        server
                                        "/api/workflows"
                                        (Make.body "Order" $"{batch}-{index}-{String('x', 400)}"))
                            )

                        ()

                    let mutable event = hello

                    while event.Name <> "resync" do
                        let! following = events.NextAsync()
                        event <- Option.get following

                    Expect.equal event.Data "{}" "data"
                })
        ]
