namespace GopherFlow.Server

open System
open System.Globalization
open Microsoft.Extensions.Configuration
open OpenTelemetry.Exporter

/// What may be sent by OTLP. Each has settings of its own beside those of all three.
type OtlpSignal =
    | Traces
    | Metrics
    | Logs

/// Where signals are sent, as the `OTEL_*` settings have it: `isOn` and `configure`.
module internal Otlp =

    let private nameOf signal =
        match signal with
        | Traces -> "TRACES"
        | Metrics -> "METRICS"
        | Logs -> "LOGS"

    let private setting (configuration: IConfiguration) (name: string) =
        match configuration[name] with
        | null -> None
        | text when String.IsNullOrWhiteSpace text -> None
        | text -> Some(text.Trim())

    /// A setting of one signal alone.
    let private own configuration signal name =
        setting configuration $"OTEL_EXPORTER_OTLP_{nameOf signal}_{name}"

    let private says (value: string) (found: string option) =
        found
        |> Option.exists (fun text -> text.Equals(value, StringComparison.OrdinalIgnoreCase))

    /// Whether all of OpenTelemetry is switched off.
    let isDisabled (configuration: IConfiguration) =
        setting configuration "OTEL_SDK_DISABLED" |> says "true"

    /// Whether a signal has an endpoint and is not switched off.
    let isOn (configuration: IConfiguration) (signal: OtlpSignal) =
        not (isDisabled configuration)
        && not (setting configuration $"OTEL_{nameOf signal}_EXPORTER" |> says "none")
        && (own configuration signal "ENDPOINT"
            |> Option.orElse (setting configuration "OTEL_EXPORTER_OTLP_ENDPOINT")
            |> Option.isSome)

    /// The exporter reads the settings of all signals itself; those of one go before them.
    let configure (configuration: IConfiguration) (signal: OtlpSignal) (options: OtlpExporterOptions) =
        let own = own configuration signal

        own "PROTOCOL"
        |> Option.iter (fun protocol ->
            options.Protocol <-
                if protocol = "http/protobuf" then
                    OtlpExportProtocol.HttpProtobuf
                else
                    OtlpExportProtocol.Grpc)

        own "ENDPOINT" |> Option.iter (fun url -> options.Endpoint <- Uri url)
        own "HEADERS" |> Option.iter (fun headers -> options.Headers <- headers)

        own "TIMEOUT"
        |> Option.iter (fun milliseconds ->
            options.TimeoutMilliseconds <- Int32.Parse(milliseconds, CultureInfo.InvariantCulture))
