namespace GopherFlow.Server.Tests

open System
open System.Threading.Tasks
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Data.Sqlite
open Microsoft.Extensions.Logging
open Xunit

type FailureTests() =

    let failing (failure: exn) (app: WebApplication) =
        let handler: Handler = fun _ -> Task.FromException<Answer> failure

        app.MapGet("/fails", Endpoint.run (Services.from app.Services) handler)
        |> ignore

    [<Fact>]
    member _.``what nobody expected is logged once under the trace id, and not told``() =
        task {
            use! server =
                TestServer.StartAsync([], failing (InvalidOperationException "the inner secret"))

            let! reply = Send.get server "/fails"
            Assert.Equal(500, reply.Status)
            Assert.DoesNotContain("secret", reply.Text)

            let line =
                Assert.Single(server.Logged |> List.filter (fun line -> line.Failure.IsSome))

            Assert.Equal(LogLevel.Error, line.Level)
            Assert.Contains(text reply.Json?traceId, line.Text)
        }

    [<Fact>]
    member _.``a busy database is 503, and worth another try``() =
        task {
            use! server =
                TestServer.StartAsync([], failing (SqliteException("database is locked", 5)))

            let! reply = Send.get server "/fails"
            Assert.Equal(503, reply.Status)
            Assert.Equal("1", reply.Header "Retry-After")
            let line = Assert.Single server.Logged
            Assert.Equal(LogLevel.Warning, line.Level)
            Assert.Contains(text reply.Json?traceId, line.Text)
        }

    [<Fact>]
    member _.``a failure after the answer began breaks the connection off``() =
        task {
            let handler: Handler =
                fun http ->
                    task {
                        do! http.Response.WriteAsync "the beginning"
                        do! http.Response.Body.FlushAsync()
                        return raise (InvalidOperationException "too late")
                    }

            use! server =
                TestServer.StartAsync(
                    [],
                    fun app ->
                        app.MapGet("/fails", Endpoint.run (Services.from app.Services) handler)
                        |> ignore
                )

            let! _ =
                Assert.ThrowsAsync<Net.Http.HttpRequestException>(fun () -> server.Http.GetStringAsync "/fails")

            Assert.Single(server.Logged |> List.filter (fun line -> line.Failure.IsSome))
            |> ignore
        }
