namespace GopherFlow.Server

open System.Diagnostics.Metrics
open GopherFlow.Execution
open GopherFlow.Telemetry
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.DependencyInjection
open OpenTelemetry.Metrics

/// The metrics: `meters` selects them, `handler` serves them to Prometheus.
module internal Scrape =

    /// The maximum number of label combinations of a metric; further ones are aggregated into one overflow series.
    [<Literal>]
    let MostSeries = 1000

    /// Meters other than the engine's: requests and the runtime.
    let private others = [ "Microsoft.AspNetCore.Hosting"; "System.Runtime" ]

    /// Instruments that Prometheus would mistake for parts of histograms because their names end in `_count`.
    let private misnamed =
        Set [ "dotnet.assembly.count"; "dotnet.process.cpu.count"; "dotnet.timer.count" ]

    /// Whether the meter belongs to another application in the same process.
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

    /// Adds the Prometheus exporter.
    let addExporter (builder: MeterProviderBuilder) =
        builder.AddPrometheusExporter(fun options ->
            options.ScopeInfoEnabled <- false
            options.ScrapeResponseCacheDurationMilliseconds <- 0)
        |> ignore

    /// Serves a scrape. The backlog is read from the database first, so that no thread blocks on it during the scrape.
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
