using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Rules;

/// <summary>Puts a variable that was set by hand among the stored ones.</summary>
internal static class VariableValueExtensions
{
    /// <summary>The object around the value takes one level of the 64 with which it can be read again.</summary>
    private static readonly JsonDocumentOptions Readable = new() { MaxDepth = 63, AllowDuplicateProperties = false };

    /// <summary>Whether its value is JSON that can be stored and read again.</summary>
    public static bool IsReadable(this VariableValue variable) => TryParse(variable.JsonValue, out _);

    /// <summary>Sets the variable in the text of an object, unless its value is no JSON or the variables become too large.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="stateVars">The variables as they are stored: the text of a JSON object.</param>
    /// <param name="limit">How large they may be.</param>
    /// <param name="after">The text of the object with the variable.</param>
    /// <param name="expected">What was expected instead, as the rest of a sentence.</param>
    public static bool TrySetIn(
        this VariableValue variable,
        string stateVars,
        VariablesLimit limit,
        [NotNullWhen(true)] out string? after,
        [NotNullWhen(false)] out string? expected
    )
    {
        after = null;
        expected = "JSON";
        if (!TryParse(variable.JsonValue, out var value))
        {
            return false;
        }

        var variables = JsonNode.Parse(stateVars)!.AsObject();
        variables[variable.Key] = value;
        after = variables.ToJsonString();
        expected = limit.Allows(after) ? null : limit.Expected(after);
        return expected is null;
    }

    private static bool TryParse(string json, out JsonNode? value)
    {
        try
        {
            value = JsonNode.Parse(json, documentOptions: Readable);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }
}
