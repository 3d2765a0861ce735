namespace GopherFlow.Server

open System
open System.Globalization
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Serialization
open GopherFlow.Contract

/// Serializes values: camelCase names, None as null, instants as RFC 3339 in UTC, RawJson unchanged.
module internal Json =

    [<Literal>]
    let private InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"

    let private onlyWritten () : 'value =
        raise (NotSupportedException "Answers are written, never read.")

    type private InstantConverter() =
        inherit JsonConverter<DateTimeOffset>()
        override _.Read(_, _, _) = onlyWritten ()

        override _.Write(writer, instant, _) =
            writer.WriteStringValue(instant.ToUniversalTime().ToString(InstantFormat, CultureInfo.InvariantCulture))

    type private RawJsonConverter() =
        inherit JsonConverter<RawJson>()
        override _.Read(_, _, _) = onlyWritten ()
        override _.Write(writer, RawJson text, _) = writer.WriteRawValue text

    let private options =
        let options =
            JsonSerializerOptions(JsonSerializerDefaults.Web, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

        options.Converters.Add(InstantConverter())
        options.Converters.Add(RawJsonConverter())
        options.MakeReadOnly true
        options

    /// The JSON name of a member.
    let nameOf (field: string) =
        JsonNamingPolicy.CamelCase.ConvertName field

    /// The JSON of a value, as UTF-8.
    let bytes (value: obj) =
        JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options)

    let private writeText (writer: Utf8JsonWriter) (name: string) (text: string option) =
        match text with
        | Some text -> writer.WriteString(name, text)
        | None -> writer.WriteNull name

    let private writeError (writer: Utf8JsonWriter) (error: FaultyField) =
        writer.WriteStartObject()
        writer.WriteString("field", error.Field)
        writeText writer "received" error.Received
        writer.WriteString("expected", error.Expected)
        writer.WriteString("detail", error.Detail)
        writer.WriteEndObject()

    /// A problem document, as UTF-8.
    let problemBytes (traceId: string) (problem: Problem) =
        let buffer = Buffers.ArrayBufferWriter<byte>()

        use writer =
            new Utf8JsonWriter(buffer, JsonWriterOptions(Encoder = options.Encoder))

        writer.WriteStartObject()
        writer.WriteString("type", Problem.TypePrefix + problem.Kind)
        writer.WriteString("title", problem.Title)
        writer.WriteNumber("status", problem.Status)
        writer.WriteString("detail", problem.Detail)

        if not problem.Errors.IsEmpty then
            writer.WriteStartArray "errors"
            problem.Errors |> List.iter (writeError writer)
            writer.WriteEndArray()

        for name, value in problem.Facts do
            writer.WritePropertyName name
            JsonSerializer.Serialize(writer, value, value.GetType(), options)

        writer.WriteString("traceId", traceId)
        writer.WriteEndObject()
        writer.Flush()
        buffer.WrittenMemory
