using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Rules;

/// <summary>Changes the stored variables of a workflow by hand.</summary>
internal static class VariableEditor
{
    /// <summary>The object around the value takes one level of the 64 with which it can be read again.</summary>
    private static readonly JsonDocumentOptions Readable = new() { MaxDepth = 63, AllowDuplicateProperties = false };

    /// <summary>Whether the value is JSON that can be stored and read again; a removal has none.</summary>
    public static bool IsReadable(string? jsonValue) => jsonValue is null || TryParse(jsonValue, out _);

    /// <summary>Makes the changes, or says why not.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="stateVars">The variables as they are stored: the text of a JSON object.</param>
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

/// <summary>What became of a change of variables.</summary>
internal abstract record VariableEdit
{
    private VariableEdit() { }

    /// <summary>It is made.</summary>
    /// <param name="StateVars">The variables now, as the text of a JSON object.</param>
    public sealed record Done(string StateVars) : VariableEdit;

    /// <summary>A variable is not as it was expected to be.</summary>
    /// <param name="Key">Which.</param>
    public sealed record Conflict(string Key) : VariableEdit;

    /// <summary>A value cannot be stored.</summary>
    /// <param name="Expected">What was expected instead, as the rest of a sentence.</param>
    public sealed record Faulty(string Expected) : VariableEdit;

    /// <summary>The refusal that it results in; not for one that succeeds.</summary>
    public Ruling.Refused Refusal() =>
        this switch
        {
            Conflict => new(Rules.Refusal.Conflict),
            Faulty faulty => new(Rules.Refusal.FaultyVariable) { Expected = faulty.Expected },
            _ => throw new InvalidOperationException("The variables were changed."),
        };
}
