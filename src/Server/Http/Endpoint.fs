namespace GopherFlow.Server

open System
open System.Threading.Tasks
open GopherFlow.Execution
open GopherFlow.Operations
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// Connects handlers to ASP.NET Core: sets headers before a handler runs, and writes its answer or its error afterwards.
module internal Endpoint =

    let private addSecurityHeaders (http: HttpContext) =
        ContentSecurity.apply http
        let headers = http.Response.Headers
        headers.XContentTypeOptions <- "nosniff"
        headers["Referrer-Policy"] <- "no-referrer"

    /// Converts a validation error of the kernel to one of a field of this request.
    let private faultyField (nameOf: string -> string) (fault: FieldFault) =
        FaultyField.create (nameOf fault.Field) (Option.ofObj fault.Received) fault.Expected

    let private rejection (nameOf: string -> string) (rejected: RejectedRequestException) =
        rejected.Faults
        |> Seq.map (faultyField nameOf)
        |> List.ofSeq
        |> Problem.invalidRequest

    /// Maps the field names in validation errors of the kernel to paths in this request.
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
                "{Method} {Path} failed because the database is busy, trace id {TraceId}",
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

    /// Converts a handler to a request delegate that accepts every host name.
    let runForAnyHost (services: Services) (handler: Handler) : RequestDelegate =
        RequestDelegate(fun http -> runHandler services handler http)

    /// Converts a handler to a request delegate that accepts only the allowed host names.
    let run (services: Services) (handler: Handler) : RequestDelegate =
        let forKnownHost: Handler =
            fun http ->
                let host = http.Request.Host.Host

                if AllowedHosts.includes services.Settings.AllowedHosts host then
                    handler http
                else
                    Task.FromResult(Refusal(Problem.wrongHost (LogText.oneLine host)))

        RequestDelegate(fun http -> runHandler services forKnownHost http)
