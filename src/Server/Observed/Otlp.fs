namespace GopherFlow.Server

open System
open System.Globalization
open Microsoft.Extensions.Configuration
open OpenTelemetry.Exporter

/// The signals that can be exported over OTLP. Each has settings of its own in addition to the common ones.
type OtlpSignal =
    | Traces
    | Metrics
    | Logs

/// Reads the `OTEL_*` settings of the exporters: `isOn` and `configure`.
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

    /// A setting of a single signal.
    let private own configuration signal name =
        setting configuration $"OTEL_EXPORTER_OTLP_{nameOf signal}_{name}"

    let private isSetTo (value: string) (found: string option) =
        found
        |> Option.exists (fun text -> text.Equals(value, StringComparison.OrdinalIgnoreCase))

    /// Whether OpenTelemetry is switched off completely.
    let isDisabled (configuration: IConfiguration) =
        setting configuration "OTEL_SDK_DISABLED" |> isSetTo "true"

    /// Whether a signal has an endpoint and is not switched off.
    let isOn (configuration: IConfiguration) (signal: OtlpSignal) =
        not (isDisabled configuration)
        && not (setting configuration $"OTEL_{nameOf signal}_EXPORTER" |> isSetTo "none")
        && (own configuration signal "ENDPOINT"
            |> Option.orElse (setting configuration "OTEL_EXPORTER_OTLP_ENDPOINT")
            |> Option.isSome)

    /// The exporter itself reads the common settings; those of a single signal take precedence.
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
