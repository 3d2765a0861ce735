using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Many rows as one parameter: a JSON array of arrays, which JSON_TABLE turns into rows again. So a statement is a constant
/// however many rows it writes.
/// </summary>
internal static class MySqlJson
{
    private const int BytesPerRow = 128;

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Ids, an array.</summary>
    public static string Of(IReadOnlyCollection<long> ids) => $"[{string.Join(',', ids)}]";

    /// <summary>Rows, an array of arrays.</summary>
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

    public static void Add(this Utf8JsonWriter json, string text) => json.WriteStringValue(text);

    public static void Add(this Utf8JsonWriter json, int number) => json.WriteNumberValue(number);

    public static void Add(this Utf8JsonWriter json, long number) => json.WriteNumberValue(number);

    public static void Add(this Utf8JsonWriter json, bool flag) => json.WriteNumberValue(flag ? 1 : 0);

    public static void Add(this Utf8JsonWriter json, DateTimeOffset instant) =>
        json.WriteNumberValue(MySqlRow.Microseconds(instant));

    public static void Add(this Utf8JsonWriter json, long? number)
    {
        if (number is { } given)
        {
            json.Add(given);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    public static void Add(this Utf8JsonWriter json, DateTimeOffset? instant)
    {
        if (instant is { } given)
        {
            json.Add(given);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
