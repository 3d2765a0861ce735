using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Tool.Takeover;

/// <summary>Variables of the Go system: a JSON object whose values are strings.</summary>
internal static class GoVariables
{
    /// <summary>Reads the variables.</summary>
    /// <param name="stored">The stored text. Null and an empty text mean that there are no variables.</param>
    /// <param name="parsed">The variables whose text is JSON and is to be parsed into a value.</param>
    /// <param name="fault">Why the variables cannot be taken over, or null.</param>
    public static JsonElement? Read(string? stored, IReadOnlySet<string> parsed, out string? fault)
    {
        fault = null;
        try
        {
            if (JsonNode.Parse(string.IsNullOrWhiteSpace(stored) ? "null" : stored) is not { } read)
            {
                return null;
            }

            if (read is not JsonObject variables)
            {
                fault = $"state_vars: expected a JSON object, but got {read.GetValueKind()}.";
                return null;
            }

            var taken = new JsonObject();
            foreach (var (name, value) in variables)
            {
                taken[name] = ValueOf(name, value, parsed.Contains(name), ref fault);
            }

            return fault is null ? JsonSerializer.SerializeToElement(taken) : null;
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or ArgumentException or InvalidOperationException)
        {
            fault = $"state_vars: expected a JSON object: {unreadable.Message}";
            return null;
        }
    }

    /// <summary>Reads one value. Like the Go system, it treats null as an empty string and accepts only strings.</summary>
    private static JsonNode? ValueOf(string name, JsonNode? stored, bool isParsed, ref string? fault)
    {
        var text = "";
        if (stored is not null && (stored is not JsonValue value || !value.TryGetValue(out text)))
        {
            fault ??= $"state_vars.{name}: expected a text, but got {stored.GetValueKind()}.";
            return null;
        }

        try
        {
            return isParsed ? JsonNode.Parse(text!) : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            fault ??= $"state_vars.{name}: expected a text of JSON, as --parse {name} says.";
            return null;
        }
    }
}
