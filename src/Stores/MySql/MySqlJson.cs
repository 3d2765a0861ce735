using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Encodes the rows to look up as one parameter: a JSON array of arrays, which JSON_TABLE converts to rows. So the text of a statement is a
/// constant, however many rows it looks up.
/// </summary>
internal static class MySqlJson
{
    private const int BytesPerRow = 64;

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = Plain.Encoder };

    /// <summary>Values as an array.</summary>
    public static string Of(Array values) => JsonSerializer.Serialize(values, values.GetType(), Relaxed);

    /// <summary>Rows as an array of arrays.</summary>
    public static string Of<T>(IReadOnlyCollection<T> rows, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(BytesPerRow * (rows.Count + 1));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartArray();
                write(json, row);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
