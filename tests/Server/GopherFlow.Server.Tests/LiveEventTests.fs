namespace GopherFlow.Server.Tests

open System
open System.IO
open System.Net.Http
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Xunit

/// One event as a client sees it.
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

    /// The lines up to the next empty one; None at the end.
    member _.BlockAsync() = block []

    /// The next event, comments left out; None at the end.
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

    static member OpenAsync(server: TestServer, mark: Send.Mark) =
        task {
            use request = new HttpRequestMessage(HttpMethod.Get, "/api/events")
            mark request

            let! message =
                server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)

            Assert.Equal(200, int message.StatusCode)
            let! stream = message.Content.ReadAsStreamAsync()
            return new EventReader(message, new StreamReader(stream))
        }

    interface IDisposable with
        member _.Dispose() =
            reader.Dispose()
            message.Dispose()

type LiveEventTests() =

    let next (events: EventReader) =
        task {
            let! event = events.NextAsync()
            return Option.get event
        }

    [<Fact>]
    member _.``a stream begins with hello and tells each commit of a workflow in order``() =
        task {
            use! server = TestServer.StartAsync()
            use! events = EventReader.OpenAsync(server, Send.asAdmin)

            let contentType =
                events.Message.Content.Headers.ContentType |> Option.ofObj |> Option.map string

            Assert.Equal(Some "text/event-stream", contentType)
            let! hello = next events
            Assert.Equal("hello", hello.Name)
            Assert.Equal(GopherFlow.Server.ServerVersion.text, text hello.Json?version)
            let! order = Make.workflowIn server "Order" "Review" "one"
            let! created = next events
            let! arrived = next events

            for event in [ created; arrived ] do
                Assert.Equal("workflow", event.Name)
                Assert.NotEmpty event.Id
                Assert.Equal(order?id.GetInt64(), event.Json?id.GetInt64())
                Assert.Equal("Order", text event.Json?workflowType)
                Assert.Equal(TestWorkflows.order.Version, text event.Json?version)
                Assert.True(isJsonNull event.Json?parentWorkflowId)
                Assert.True(isJsonNull event.Json?nextActivation)
                Assert.Equal("2026-11-22T19:00:00.000000Z", text event.Json?modified)

            Assert.True(isJsonNull created.Json?previousState)
            Assert.Equal("Init", text created.Json?state)
            Assert.Equal("Init", text arrived.Json?previousState)
            Assert.Equal("Review", text arrived.Json?state)
            Assert.Equal("WAITING", text arrived.Json?status)
        }

    [<Fact>]
    member _.``a comment keeps a quiet stream open``() =
        task {
            use! server = TestServer.StartAsync()
            use! events = EventReader.OpenAsync(server, Send.asAdmin)
            let! _ = next events
            let comment = events.BlockAsync()
            do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 15., comment)
            let! lines = comment
            Assert.StartsWith(":", lines.Value.Head)
        }

    [<Fact>]
    member _.``every stream gets every commit``() =
        task {
            use! server = TestServer.StartAsync()
            use! first = EventReader.OpenAsync(server, Send.asAdmin)
            use! second = EventReader.OpenAsync(server, Send.asAdmin)
            let! _ = Task.WhenAll(next first, next second)
            let! _ = Make.workflow server "Order" "one"
            let! a = next first
            let! b = next second
            Assert.Equal(a.Data, b.Data)
        }

    [<Fact>]
    member _.``a stop of the server ends the stream at once``() =
        task {
            use! server = TestServer.StartAsync()
            use! events = EventReader.OpenAsync(server, Send.asAdmin)
            let! _ = next events
            let stopping = server.StopAsync()
            let! last = events.NextAsync()
            Assert.Equal(None, last)
            do! server.Clock.AdvanceUntil(TimeSpan.FromSeconds 1., stopping)
        }

    [<Fact>]
    member _.``the end of the session ends the stream``() =
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
            let last = events.NextAsync()
            do! server.Clock.AdvanceUntil(TimeSpan.FromMinutes 10., last)
            let! last = last
            Assert.Equal(None, last)

            Assert.True(
                server.Clock.GetUtcNow()
                >= DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero)
            )
        }

    [<Fact>]
    member _.``a client that reads too slowly is told to fetch everything anew``() =
        task {
            use! server = TestServer.StartAsync()
            use! events = EventReader.OpenAsync(server, Send.asAdmin)
            let! hello = next events
            Assert.Equal("hello", hello.Name)
            let creating = Array.init 40 (fun batch -> batch)

            for batch in creating do
                let! _ =
                    Task.WhenAll(
                        Seq.init 250 (fun index ->
                            Send.post server "/api/workflows" (Make.body "Order" $"{batch}-{index}-{String('x', 400)}"))
                    )

                ()

            let mutable event = hello

            while event.Name <> "resync" do
                let! following = next events
                event <- following

            Assert.Equal("{}", event.Data)
        }
