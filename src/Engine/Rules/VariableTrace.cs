using System.Buffers;
using System.Text;
using System.Text.Json;
using GopherFlow.Definitions;

namespace GopherFlow.Rules;

/// <summary>The changes of variables in a history entry. Stored as JSON.</summary>
/// <param name="Set">The new values, by name.</param>
/// <param name="Removed">The names of variables that were removed.</param>
/// <param name="Omitted">
/// The names of variables whose new value is not stored, because it is secret or too long, or because the definition stores no values.
/// </param>
/// <param name="IsWhole">Whether these are all variables of the workflow, so that all others no longer exist.</param>
public sealed record VariableTrace(
    IReadOnlyDictionary<string, JsonElement> Set,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Omitted,
    bool IsWhole = false
)
{
    /// <summary>The maximum length of a stored value, in characters of JSON.</summary>
    public const int LongestValue = 4096;

    /// <summary>The maximum total length of the values in one entry, in characters of JSON.</summary>
    public const int LongestEntry = 65536;

    private static readonly JsonSerializerOptions Serialization = new(JsonSerializerDefaults.Web);

    /// <summary>Parses a stored trace.</summary>
    public static VariableTrace Parse(string json)
    {
        var read = JsonSerializer.Deserialize<VariableTrace>(json, Serialization);
        return new VariableTrace(
            read?.Set ?? new Dictionary<string, JsonElement>(),
            read?.Removed ?? [],
            read?.Omitted ?? [],
            read?.IsWhole ?? false
        );
    }

    /// <summary>The trace of changes that are made together, in order; null if there are none.</summary>
    internal static string? Of(IEnumerable<(string Name, string? Json)> changes, VariableTracing tracing)
    {
        var last = Last(changes);
        return last.Count == 0 ? null : Write(last, tracing, isWhole: false);
    }

    /// <summary>The trace of a workflow's initial variables; null if it has none.</summary>
    internal static string? OfCreation(string stateVars, VariableTracing tracing) =>
        stateVars == Authoring.Variables.EmptyJson ? null : Write(Read(stateVars), tracing, isWhole: false);

    /// <summary>The trace of the variables with which a workflow begins anew.</summary>
    internal static string OfBeginning(string stateVars, VariableTracing tracing) =>
        Write(Read(stateVars), tracing, isWhole: true);

    private static Dictionary<string, string?> Read(string stateVars)
    {
        using var variables = JsonDocument.Parse(stateVars);
        return Last(
            variables
                .RootElement.EnumerateObject()
                .Select(variable => (variable.Name, (string?)variable.Value.GetRawText()))
        );
    }

    /// <summary>The last value of each variable, if it was changed several times.</summary>
    private static Dictionary<string, string?> Last(IEnumerable<(string Name, string? Json)> changes)
    {
        var last = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, json) in changes)
        {
            last[name] = json;
        }

        return last;
    }

    private static string Write(Dictionary<string, string?> changes, VariableTracing tracing, bool isWhole)
    {
        var left = LongestEntry;
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, json) in changes)
        {
            if (json is not null && json.Length <= LongestValue && json.Length <= left && tracing.Keeps(name))
            {
                kept.Add(name, json);
                left -= json.Length;
            }
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (isWhole)
            {
                json.WriteBoolean("isWhole", true);
            }

            if (kept.Count > 0)
            {
                json.WriteStartObject("set");
                foreach (var (name, value) in kept)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value, skipInputValidation: true);
                }

                json.WriteEndObject();
            }

            WriteNames(json, "removed", changes.Where(change => change.Value is null));
            WriteNames(
                json,
                "omitted",
                changes.Where(change => change.Value is not null && !kept.ContainsKey(change.Key))
            );
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteNames(
        Utf8JsonWriter json,
        string property,
        IEnumerable<KeyValuePair<string, string?>> changes
    )
    {
        var names = changes.Select(change => change.Key).ToList();
        if (names.Count == 0)
        {
            return;
        }

        json.WriteStartArray(property);
        names.ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }
}
