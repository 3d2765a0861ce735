namespace GopherFlow.Server

open System
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Routing
open Microsoft.Extensions.Configuration
open Microsoft.Extensions.DependencyInjection
open OpenTelemetry.Logs
open OpenTelemetry.Metrics
open OpenTelemetry.Resources
open OpenTelemetry.Trace

/// Health checks, metrics and traces: call `add` before the application is built and `map` after.
module internal Observation =

    /// The environment variables `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` take precedence over these values.
    let private describe (resource: ResourceBuilder) =
        resource
            .Clear()
            .AddTelemetrySdk()
            .AddService("gopherflow", serviceVersion = ServerVersion.text)
            .AddEnvironmentVariableDetector()
        |> ignore

    let private addMetrics isScraped (configuration: IConfiguration) (services: IServiceCollection) =
        let isSent = Otlp.isOn configuration Metrics

        if isScraped || isSent then
            services
                .ConfigureOpenTelemetryMeterProvider(Action<IServiceProvider, MeterProviderBuilder> Scrape.meters)
                .AddOpenTelemetry()
                .WithMetrics(fun builder ->
                    if isScraped then
                        Scrape.addExporter builder

                    if isSent then
                        builder.AddOtlpExporter(Otlp.configure configuration Metrics) |> ignore)
            |> ignore

    let private addTraces (configuration: IConfiguration) (services: IServiceCollection) =
        if Otlp.isOn configuration Traces then
            services
                .AddOpenTelemetry()
                .WithTracing(fun builder ->
                    Tracing.sources builder
                    builder.AddOtlpExporter(Otlp.configure configuration Traces) |> ignore)
            |> ignore

    let private addLogs (configuration: IConfiguration) (services: IServiceCollection) =
        if Otlp.isOn configuration Logs then
            services
                .AddOpenTelemetry()
                .WithLogging(
                    (fun builder -> builder.AddOtlpExporter(Otlp.configure configuration Logs) |> ignore),
                    (fun options ->
                        options.IncludeFormattedMessage <- true
                        options.IncludeScopes <- true)
                )
            |> ignore

    /// Whether Prometheus can scrape the metrics.
    let private isScraped (settings: ServerSettings) (configuration: IConfiguration) =
        settings.Metrics && not (Otlp.isDisabled configuration)

    /// Adds only the telemetry that the settings enable.
    let add (configuration: IConfiguration) (settings: ServerSettings) (services: IServiceCollection) =
        services.AddOpenTelemetry().ConfigureResource(Action<ResourceBuilder> describe)
        |> ignore

        addMetrics (isScraped settings configuration) configuration services
        addTraces configuration services
        addLogs configuration services

    let private notFound (http: HttpContext) =
        Task.FromResult(Refusal(Problem.unknownRoute (http.Request.Path.ToString())))

    /// Maps the health checks and the metrics. None of them requires a sign-in.
    let map (services: Services) (endpoints: IEndpointRouteBuilder) =
        let configuration = endpoints.ServiceProvider.GetRequiredService<IConfiguration>()
        let ready = Probes.ready services.Health

        let metrics =
            if isScraped services.Settings configuration then
                Scrape.handler endpoints
            else
                notFound

        for path, handler in
            [
                "/health/live", Probes.live
                "/health/ready", ready
                "/health", Probes.live
                "/ready", ready
                "/metrics", metrics
            ] do
            endpoints.MapMethods(path, [ HttpMethods.Get; HttpMethods.Head ], Endpoint.runForAnyHost services handler)
            |> ignore
