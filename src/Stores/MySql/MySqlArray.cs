using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Many rows as one parameter: a JSON array of arrays, which JSON_TABLE turns into rows again. So a statement is a constant
/// however many rows it writes.
/// </summary>
internal static class MySqlArray
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Values, an array.</summary>
    public static string Of<T>(IEnumerable<T> values)
        where T : notnull => Write(values, (json, value) => Add(json, value));

    /// <summary>Rows, an array of arrays.</summary>
    public static string Of<T>(IEnumerable<T> rows, Func<T, object?[]> columns) =>
        Write(
            rows,
            (json, row) =>
            {
                json.WriteStartArray();
                foreach (var value in columns(row))
                {
                    Add(json, value);
                }

                json.WriteEndArray();
            }
        );

    private static string Write<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                write(json, row);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Add(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case bool flag:
                json.WriteNumberValue(flag ? 1 : 0);
                break;
            case DateTimeOffset instant:
                json.WriteNumberValue(MySqlRow.Microseconds(instant));
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} is no value of a column.", nameof(value));
        }
    }
}
