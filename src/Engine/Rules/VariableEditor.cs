using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Rules;

/// <summary>Applies changes by hand to the stored variables of a workflow.</summary>
internal static class VariableEditor
{
    /// <summary>The maximum depth when reading is 64. The object around the value takes one level.</summary>
    private static readonly JsonDocumentOptions Readable = new() { MaxDepth = 63, AllowDuplicateProperties = false };

    /// <summary>Whether a value is JSON that can be stored and read again. Null, for a removal, is valid.</summary>
    public static bool IsReadable(string? jsonValue) => jsonValue is null || TryParse(jsonValue, out _);

    /// <summary>Applies the changes, or returns why they cannot be applied.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="stateVars">The stored variables: the text of a JSON object.</param>
    public static VariableEdit Apply(VariableChanges changes, string stateVars)
    {
        if (changes.Items.Count == 0)
        {
            return new VariableEdit.Done(stateVars);
        }

        var variables = JsonNode.Parse(stateVars)!.AsObject();
        foreach (var change in changes.Items)
        {
            if (change.Expected is { } expected && !IsAsExpected(variables, change.Key, expected))
            {
                return new VariableEdit.Conflict(change.Key);
            }

            if (change.JsonValue is null)
            {
                variables.Remove(change.Key);
            }
            else if (TryParse(change.JsonValue, out var value))
            {
                variables[change.Key] = value;
            }
            else
            {
                return new VariableEdit.Faulty("JSON");
            }
        }

        var after = variables.ToJsonString();
        var limit = new VariablesLimit(changes.LimitBytes);
        return limit.Allows(after) ? new VariableEdit.Done(after) : new VariableEdit.Faulty(limit.Expected(after));
    }

    private static bool IsAsExpected(JsonObject variables, string key, VariableExpectation expected)
    {
        var isThere = variables.TryGetPropertyValue(key, out var value);
        return expected.JsonValue is null
            ? !isThere
            : isThere && TryParse(expected.JsonValue, out var wanted) && JsonNode.DeepEquals(value, wanted);
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

/// <summary>The result of a change of variables.</summary>
internal abstract record VariableEdit
{
    private VariableEdit() { }

    /// <summary>The changes are applied.</summary>
    /// <param name="StateVars">The new variables, as the text of a JSON object.</param>
    public sealed record Done(string StateVars) : VariableEdit;

    /// <summary>A variable does not have its expected value.</summary>
    /// <param name="Key">The name of the variable.</param>
    public sealed record Conflict(string Key) : VariableEdit;

    /// <summary>A value cannot be stored.</summary>
    /// <param name="Expected">What was expected instead, for the error message.</param>
    public sealed record Faulty(string Expected) : VariableEdit;

    /// <summary>The refusal for a change that failed. Throws for a successful one.</summary>
    public Ruling.Refused Refusal() =>
        this switch
        {
            Conflict => new(Rules.Refusal.Conflict),
            Faulty faulty => new(Rules.Refusal.FaultyVariable) { Expected = faulty.Expected },
            _ => throw new InvalidOperationException("The variables were changed."),
        };
}
