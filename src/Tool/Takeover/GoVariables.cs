using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Tool.Takeover;

/// <summary>Variables of the Go system: the text of a JSON object whose values are texts.</summary>
internal static class GoVariables
{
    /// <summary>Reads them.</summary>
    /// <param name="stored">As they are stored; nothing and null are no variables.</param>
    /// <param name="parsed">The variables whose text is JSON, and which are to be the value that it says.</param>
    /// <param name="fault">Why they cannot be taken over, or null.</param>
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
                fault = $"state_vars: expected a JSON object, but {read.GetValueKind()} came.";
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

    /// <summary>The Go system reads null as an empty text, and nothing but texts.</summary>
    private static JsonNode? ValueOf(string name, JsonNode? stored, bool isParsed, ref string? fault)
    {
        var text = "";
        if (stored is not null && (stored is not JsonValue value || !value.TryGetValue(out text)))
        {
            fault ??= $"state_vars.{name}: expected a text, but {stored.GetValueKind()} came.";
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
