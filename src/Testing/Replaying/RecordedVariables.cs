using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Testing.Replaying;

/// <summary>The variables of a workflow at a position in its history, as far as the history keeps them.</summary>
internal sealed class RecordedVariables
{
    private readonly Dictionary<string, JsonElement> known = new(StringComparer.Ordinal);
    private readonly SortedSet<string> unknown = new(StringComparer.Ordinal);

    /// <summary>Whether the first entry, or an entry with all variables, has been applied. Until then the values are incomplete.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The names of variables whose values the history does not keep.</summary>
    public IReadOnlyCollection<string> Unknown => unknown;

    /// <summary>Applies the changes of an entry.</summary>
    public void Pass(RunEntry entry)
    {
        HasBegun |= entry.Kind == "CREATED" || entry.Variables is { Whole: true };
        if (entry.Variables is not { } changes)
        {
            return;
        }

        if (changes.Whole)
        {
            known.Clear();
            unknown.Clear();
        }

        foreach (var name in changes.Removed.Concat(changes.Omitted).Concat(changes.Set.Keys))
        {
            known.Remove(name);
            unknown.Remove(name);
        }

        unknown.UnionWith(changes.Omitted);
        foreach (var (name, value) in changes.Set)
        {
            known[name] = value;
        }
    }

    /// <summary>The known variables, plus the given values for unknown ones.</summary>
    public JsonObject With(JsonObject given)
    {
        var variables = new JsonObject();
        foreach (var (name, value) in known)
        {
            variables[name] = JsonNode.Parse(value.GetRawText());
        }

        foreach (var name in unknown.Where(given.ContainsKey))
        {
            variables[name] = given[name]?.DeepClone();
        }

        return variables;
    }
}
