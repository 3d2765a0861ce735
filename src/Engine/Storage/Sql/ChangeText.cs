using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>The text of changes in the log: a JSON array with one array for each change, whose fields have a fixed order.</summary>
internal static class ChangeText
{
    private const int BytesPerChange = 160;

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes changes. The id of a workflow that has none yet is written as 0.</summary>
    public static string Of(IReadOnlyCollection<WorkflowChange> changes)
    {
        var buffer = new ArrayBufferWriter<byte>(BytesPerChange * (changes.Count + 1));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var change in changes)
            {
                Write(json, change);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads changes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="newIds">
    /// The ids of the workflows that had none, in order: all of them, as in 5,6,9, or the first one and the step to the next, as in 5+1.
    /// </param>
    public static IReadOnlyList<WorkflowChange> Read(string text, string? newIds)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        var changes = new List<WorkflowChange>();
        using var ids = IdsOf(newIds).GetEnumerator();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            var change = Read(ref json);
            changes.Add(change.Id == 0 && ids.MoveNext() ? change with { Id = ids.Current } : change);
            json.Read();
        }

        return changes;
    }

    private static void Write(Utf8JsonWriter json, WorkflowChange change)
    {
        json.WriteStartArray();
        json.WriteNumberValue(change.Id);
        json.WriteStringValue(change.WorkflowType);
        json.WriteStringValue(change.Version);
        json.WriteStringValue(change.ExecutorGroup);
        json.WriteStringValue(change.Status.ToName());
        json.WriteStringValue(change.State);
        json.WriteStringValue(change.PreviousState);
        Write(json, change.ParentWorkflowId);
        json.WriteNumberValue(change.Lease);
        json.WriteNumberValue(change.Revision);
        json.WriteNumberValue(change.ExecutionCount);
        json.WriteNumberValue(change.RetryCount);
        json.WriteNumberValue(change.OpenChildren);
        Write(json, change.ExecutorId);
        Write(json, change.NextActivation is { } due ? SqlDialect.Microseconds(due) : null);
        json.WriteNumberValue(SqlDialect.Microseconds(change.Modified));
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static WorkflowChange Read(ref Utf8JsonReader json) =>
        new(
            Number(ref json)!.Value,
            Text(ref json)!,
            Text(ref json)!,
            Text(ref json)!,
            WorkflowStatusNames.Parse(Text(ref json)!),
            Text(ref json)!,
            Text(ref json),
            Number(ref json),
            Number(ref json)!.Value,
            Number(ref json)!.Value,
            (int)Number(ref json)!.Value,
            (int)Number(ref json)!.Value,
            (int)Number(ref json)!.Value,
            Number(ref json),
            Number(ref json) is { } due ? SqlDialect.Instant(due) : null,
            SqlDialect.Instant(Number(ref json)!.Value)
        );

    private static long? Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? null : json.GetInt64();
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString();
    }

    private static IEnumerable<long> IdsOf(string? newIds)
    {
        if (newIds?.Split('+') is [var first, var step])
        {
            for (var id = ToNumber(first); ; id += ToNumber(step))
            {
                yield return id;
            }
        }

        foreach (var id in newIds?.Split(',') ?? [])
        {
            yield return ToNumber(id);
        }
    }

    private static long ToNumber(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
