using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Tool.Output;

/// <summary>Prints results as JSON or as text.</summary>
internal sealed class Printer(TextWriter output, bool isJson)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>Prints a result. The text is only created if it is needed.</summary>
    public void Print<T>(T result, Func<T, string> text) =>
        output.WriteLine(isJson ? JsonSerializer.Serialize(result, Json) : text(result));

    /// <summary>A value as JSON on one line.</summary>
    public static string Line(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? "" : JsonSerializer.Serialize(value, InLine);

    private static readonly JsonSerializerOptions InLine = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
