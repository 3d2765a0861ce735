namespace GopherFlow.Server

open System
open System.Diagnostics
open GopherFlow.Telemetry
open OpenTelemetry
open OpenTelemetry.Trace

/// Removes health checks and scrapes from the traces, and gives the other requests low-cardinality names.
type private RequestSpans() =
    inherit BaseProcessor<Activity>()

    static let request = "Microsoft.AspNetCore.Hosting.HttpRequestIn"

    static let isProbe (path: string) =
        path.StartsWith("/health", StringComparison.Ordinal)
        || path = "/ready"
        || path = "/metrics"

    /// The method and the first two parts of the path; later parts may be ids.
    static let nameOf (verb: obj | null) (path: string) =
        let kind = path.Split '/' |> Seq.truncate 3 |> String.concat "/"
        $"{verb} {kind}"

    override _.OnEnd activity =
        match activity.GetTagItem "url.path" with
        | :? string as path when activity.OperationName = request ->
            if isProbe path then
                activity.ActivityTraceFlags <- activity.ActivityTraceFlags &&& ~~~ActivityTraceFlags.Recorded
            else
                activity.DisplayName <- nameOf (activity.GetTagItem "http.request.method") path
        | _ -> ()

/// Traces: a request, the create that it causes, the steps of the workflow, and the HTTP requests that they send.
module internal Tracing =

    /// ASP.NET Core 10 adds method, path and status to its spans only if this switch is off.
    [<Literal>]
    let private TagSwitch =
        "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData"

    /// Subscribes to the spans.
    let sources (builder: TracerProviderBuilder) =
        AppContext.SetSwitch(TagSwitch, false)

        builder
            .AddSource(EngineTelemetry.Name, "Microsoft.AspNetCore", "System.Net.Http")
            .AddProcessor(new RequestSpans())
        |> ignore
