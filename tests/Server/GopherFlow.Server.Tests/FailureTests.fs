namespace GopherFlow.Server.Tests

open System
open System.Threading.Tasks
open GopherFlow.Server
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Data.Sqlite
open Microsoft.Extensions.Logging
open Expecto
open GopherFlow.TestSupport

module FailureTests =
    let tests =

        let failing (failure: exn) (app: WebApplication) =
            let handler: Handler = fun _ -> Task.FromException<Answer> failure

            app.MapGet("/fails", Endpoint.run (Services.from app.Services) handler)
            |> ignore

        testList "Failure" [
            testCaseTask
                "an unexpected exception is logged once with the trace id and not shown to the caller"
                (fun () ->
                    task {
                        use! server =
                            TestServer.StartAsync([], failing (InvalidOperationException "the inner secret"))

                        let! reply = Send.get server "/fails"
                        Expect.equal reply.Status 500 "status"
                        Expect.stringLacks reply.Text "secret" "text"

                        let line =
                            Expect.single (server.Logged |> List.filter (fun line -> line.Failure.IsSome)) "logged"

                        Expect.equal line.Level LogLevel.Error "level"
                        Expect.stringContains line.Text (text reply.Json?traceId) "text"
                    })

            testCaseTask "a busy database is 503 with Retry-After" (fun () ->
                task {
                    use! server =
                        TestServer.StartAsync([], failing (SqliteException("database is locked", 5)))

                    let! reply = Send.get server "/fails"
                    Expect.equal reply.Status 503 "status"
                    Expect.equal (reply.Header "Retry-After") "1" "Retry-After"
                    let line = Expect.single server.Logged "logged"
                    Expect.equal line.Level LogLevel.Warning "level"
                    Expect.stringContains line.Text (text reply.Json?traceId) "text"
                })

            testCaseTask "an exception after the response has started aborts the connection" (fun () ->
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
                        Expect.throwsTask<Net.Http.HttpRequestException>(fun () -> server.Http.GetStringAsync "/fails")

                    Expect.single (server.Logged |> List.filter (fun line -> line.Failure.IsSome)) "logged"
                    |> ignore
                })
        ]
