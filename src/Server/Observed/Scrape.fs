namespace GopherFlow.Server

open System.Diagnostics.Metrics
open GopherFlow.Execution
open GopherFlow.Telemetry
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.DependencyInjection
open OpenTelemetry.Metrics

/// The metrics: which there are (`meters`), and how Prometheus gets them (`handler`).
module internal Scrape =

    /// The most combinations of labels that a metric may have; further ones are counted together as one more.
    [<Literal>]
    let MostSeries = 1000

    /// Of the process, beside the engine: requests, and the runtime.
    let private others = [ "Microsoft.AspNetCore.Hosting"; "System.Runtime" ]

    /// What Prometheus takes for parts of histograms, for their names end in `_count`.
    let private misnamed =
        Set [ "dotnet.assembly.count"; "dotnet.process.cpu.count"; "dotnet.timer.count" ]

    /// A meter that another application in this process has made is none of this one's.
    let private isOfAnother (factory: IMeterFactory) (instrument: Instrument) =
        not (isNull instrument.Meter.Scope)
        && not (obj.ReferenceEquals(instrument.Meter.Scope, factory))

    /// Subscribes to the meters.
    let meters (provider: System.IServiceProvider) (builder: MeterProviderBuilder) =
        let factory = provider.GetRequiredService<IMeterFactory>()

        builder
            .AddMeter(EngineTelemetry.Name :: others |> Array.ofList)
            .AddView(fun (instrument: Instrument) ->
                if isOfAnother factory instrument || misnamed.Contains instrument.Name then
                    MetricStreamConfiguration.Drop
                else
                    MetricStreamConfiguration(CardinalityLimit = MostSeries))
        |> ignore

    /// Has the metrics ready for Prometheus.
    let addExporter (builder: MeterProviderBuilder) =
        builder.AddPrometheusExporter(fun options ->
            options.ScopeInfoEnabled <- false
            options.ScrapeResponseCacheDurationMilliseconds <- 0)
        |> ignore

    /// Answers a scrape. What is in the database is looked at before, so that no thread waits for it.
    let handler (endpoints: IEndpointRouteBuilder) : Handler =
        let backlog = endpoints.ServiceProvider.GetRequiredService<Backlog>()

        let scrape =
            endpoints
                .CreateApplicationBuilder()
                .UseOpenTelemetryPrometheusScrapingEndpoint(fun (_: HttpContext) -> true)
                .Build()

        fun http ->
            task {
                do! backlog.LookAsync http.RequestAborted
                http.Response.Headers.CacheControl <- "no-store"
                do! scrape.Invoke http
                return Written
            }
