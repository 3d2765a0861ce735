namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Execution
open GopherFlow.Operations
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Where a handler meets ASP.NET Core: headers before it, its answer or its failure after it.
module internal Endpoint =

    let private addSecurityHeaders (http: HttpContext) =
        ContentSecurity.apply http
        let headers = http.Response.Headers
        headers.XContentTypeOptions <- "nosniff"
        headers["Referrer-Policy"] <- "no-referrer"

    /// A fault of the kernel's, as the fault of a field of this request.
    let private faultyField (nameOf: string -> string) (fault: FieldFault) =
        FaultyField.create (nameOf fault.Field) (Option.ofObj fault.Received) fault.Expected

    let private rejection (nameOf: string -> string) (rejected: RejectedRequestException) =
        rejected.Faults
        |> Seq.map (faultyField nameOf)
        |> List.ofSeq
        |> Problem.invalidRequest

    /// Renames the faults that the kernel finds to the paths of this request.
    let rejectingAs (nameOf: string -> string) (handle: Handler) : Handler =
        fun http ->
            task {
                try
                    return! handle http
                with :? RejectedRequestException as rejected ->
                    return Refusal(rejection nameOf rejected)
            }

    let private describe (http: HttpContext) =
        http.Request.Method, LogText.oneLine (http.Request.Path.ToString()), Answer.traceId http

    let private problemOf (services: Services) (http: HttpContext) (failure: exn) =
        match failure with
        | :? RejectedRequestException as rejected -> rejection id rejected
        | :? BadHttpRequestException as bad -> Problem.badRequest bad.StatusCode bad.Message
        | :? OverloadedException as refusal -> Problem.overloaded refusal.Message
        | :? OperationCanceledException when services.Stopping.IsCancellationRequested -> Problem.stopping
        | _ when services.Store.IsTransient failure ->
            let method, path, traceId = describe http

            services.Logger.LogWarning(
                failure,
                "{Method} {Path} found the database busy, trace id {TraceId}",
                method,
                path,
                traceId
            )

            Problem.databaseBusy
        | _ ->
            let method, path, traceId = describe http
            services.Logger.LogError(failure, "{Method} {Path} failed, trace id {TraceId}", method, path, traceId)
            Problem.unexpected

    let private answerFailure services (http: HttpContext) (failure: exn) : Task =
        let clientIsGone = http.RequestAborted.IsCancellationRequested

        match failure with
        | :? OperationCanceledException when clientIsGone -> Task.CompletedTask
        | _ ->
            let problem = problemOf services http failure

            if http.Response.HasStarted then
                http.Abort()
                Task.CompletedTask
            else
                Answer.write http (Refusal problem)

    let private runHandler (services: Services) (handler: Handler) (http: HttpContext) =
        task {
            addSecurityHeaders http

            try
                let! answer = handler http
                do! Answer.write http answer
            with failure ->
                do! answerFailure services http failure
        }

    /// The handler as ASP.NET Core calls it, whatever host the request is for.
    let runForAnyHost (services: Services) (handler: Handler) : RequestDelegate =
        RequestDelegate(fun http -> runHandler services handler http)

    /// The handler as ASP.NET Core calls it.
    let run (services: Services) (handler: Handler) : RequestDelegate =
        let forKnownHost: Handler =
            fun http ->
                let host = http.Request.Host.Host

                if AllowedHosts.includes services.Settings.AllowedHosts host then
                    handler http
                else
                    Task.FromResult(Refusal(Problem.wrongHost (LogText.oneLine host)))

        RequestDelegate(fun http -> runHandler services forKnownHost http)
