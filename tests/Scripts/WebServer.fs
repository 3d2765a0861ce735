namespace GopherFlow.Scripts.Tests

open System
open System.Collections.Concurrent
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Hosting.Server
open Microsoft.AspNetCore.Hosting.Server.Features
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection

/// A request that the server received.
type ReceivedRequest = { Call: string; IdempotencyKey: string }

/// A real web server on the loopback address. The function returns status and body for the number of the request, starting at 1.
[<Sealed>]
type WebServer private (app: WebApplication, requests: ConcurrentQueue<ReceivedRequest>) =

    static member Start(answer: int -> int * string) : Task<WebServer> =
        task {
            let requests = ConcurrentQueue<ReceivedRequest>()
            let builder = WebApplication.CreateEmptyBuilder(WebApplicationOptions())
            builder.WebHost.UseKestrelCore().UseUrls "http://127.0.0.1:0" |> ignore
            let app = builder.Build()

            app.Run(fun (context: HttpContext) ->
                requests.Enqueue {
                    Call = $"{context.Request.Method} {context.Request.Path}"
                    IdempotencyKey = string context.Request.Headers["Idempotency-Key"]
                }

                let status, body = answer requests.Count
                context.Response.StatusCode <- status
                context.Response.ContentType <- "application/json"
                context.Response.WriteAsync body)

            do! app.StartAsync()
            return new WebServer(app, requests)
        }

    member _.Url: string =
        match app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>() with
        | null -> failwith "The server has no address."
        | addresses -> Seq.exactlyOne addresses.Addresses

    member _.Requests: ReceivedRequest list = List.ofSeq requests

    interface IAsyncDisposable with
        member _.DisposeAsync() = app.DisposeAsync()
