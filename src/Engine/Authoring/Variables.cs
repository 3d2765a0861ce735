using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GopherFlow.Authoring;

/// <summary>
/// The variables of a workflow: one JSON object. The indexer reads and writes strings, as in the Go system;
/// <see cref="Get{T}(string)"/> and <see cref="Set{T}(string, T)"/> take any type that System.Text.Json can write: camelCase names, enums
/// by name. An application adds converters of its own with <c>ConfigureVariables</c> where it adds its workflows.
/// The changes of a step are committed with the step, and dropped when it fails.
/// </summary>
public sealed class Variables
{
    /// <summary>No variables, as JSON.</summary>
    internal const string EmptyJson = "{}";

    /// <summary>
    /// Where a workflow keeps what it has done that can be undone. It is stored and shown like any variable, but it is neither among the
    /// names nor part of typed data.
    /// </summary>
    internal const string UndoList = "$undo";

    /// <summary>How values are written and read unless the application says otherwise.</summary>
    internal static readonly JsonSerializerOptions DefaultSerialization = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string original;
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private JsonObject? parsed;

    /// <summary>An empty object.</summary>
    public Variables()
        : this(serialization: null) { }

    /// <summary>An empty object whose values are written and read by a serializer; null is the usual one.</summary>
    public Variables(JsonSerializerOptions? serialization)
        : this(EmptyJson, serialization) { }

    private Variables(string json, JsonSerializerOptions? serialization)
    {
        original = json;
        Serialization = serialization ?? DefaultSerialization;
    }

    /// <summary>The names of all variables, in the order in which they were first set.</summary>
    public IReadOnlyList<string> Names => [.. Object.Select(variable => variable.Key).Where(name => name != UndoList)];

    /// <summary>Whether anything was set or removed since the object was read.</summary>
    internal bool Changed => touched.Count > 0;

    /// <summary>What was set, as JSON text, and what was removed, as null.</summary>
    internal IEnumerable<(string Name, string? Json)> Changes =>
        touched.Select(name =>
            Object.TryGetPropertyValue(name, out var value)
                ? (name, value?.ToJsonString(DefaultSerialization) ?? "null")
                : (name, (string?)null)
        );

    /// <summary>By what values are written and read.</summary>
    internal JsonSerializerOptions Serialization { get; }

    private JsonObject Object => parsed ??= ParseObject(original);

    /// <summary>
    /// A variable as text: a string as it is, any other value as its JSON text, null when there is none. Setting null removes it.
    /// </summary>
    public string? this[string name]
    {
        get =>
            Object[name] switch
            {
                null => null,
                JsonValue value when value.TryGetValue<string>(out var text) => text,
                var other => other.ToJsonString(DefaultSerialization),
            };
        set
        {
            if (value is null)
            {
                Remove(name);
            }
            else
            {
                Set(name, value);
            }
        }
    }

    /// <summary>Reads variables from the text of a JSON object.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static Variables Parse(string json) => Parse(json, serialization: null);

    /// <summary>The same, with a serializer for its values; null is the usual one.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static Variables Parse(string json, JsonSerializerOptions? serialization)
    {
        var variables = new Variables(json, serialization);
        _ = variables.Object;
        return variables;
    }

    /// <summary>Variables whose text came from the store, where it was checked before it was written; parsed when first used.</summary>
    internal static Variables FromStore(string json, JsonSerializerOptions? serialization = null) =>
        new(json, serialization);

    /// <summary>Whether a variable of that name exists (with any value, also JSON null).</summary>
    public bool Contains(string name) => Object.ContainsKey(name);

    /// <summary>A variable as a type of your own.</summary>
    /// <exception cref="VariableException">
    /// There is no such variable, it is null, or it does not have the shape of <typeparamref name="T"/>; the message names it.
    /// </exception>
    public T Get<T>(string name) => Get<T>(name, Serialization);

    /// <summary>The same, read by a serializer of your own: one that knows more types, or that may be forgotten with them.</summary>
    /// <exception cref="VariableException">
    /// There is no such variable, it is null, or it does not have the shape of <typeparamref name="T"/>; the message names it.
    /// </exception>
    public T Get<T>(string name, JsonSerializerOptions serialization) =>
        TryGet<T>(name, serialization, out var value) ? value : throw VariableException.Missing(name, typeof(T), this);

    /// <summary>A variable as a type of your own, or <paramref name="fallback"/> when there is none of that name or it is null.</summary>
    /// <exception cref="VariableException">The variable does not have the shape of <typeparamref name="T"/>; the message names it.</exception>
    public T Get<T>(string name, T fallback) => TryGet<T>(name, out var value) ? value : fallback;

    /// <summary>A variable as a type of your own, if there is one that is not null.</summary>
    /// <exception cref="VariableException">The variable does not have the shape of <typeparamref name="T"/>; the message names it.</exception>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value) => TryGet(name, Serialization, out value);

    /// <summary>The same, read by a serializer of your own.</summary>
    /// <exception cref="VariableException">The variable does not have the shape of <typeparamref name="T"/>; the message names it.</exception>
    public bool TryGet<T>(string name, JsonSerializerOptions serialization, [MaybeNullWhen(false)] out T value)
    {
        if (!Object.TryGetPropertyValue(name, out var node) || node is null)
        {
            value = default;
            return false;
        }

        try
        {
            value = node.Deserialize<T>(serialization)!;
            return true;
        }
        catch (Exception mismatch)
            when (mismatch
                    is JsonException
                        or NotSupportedException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            throw VariableException.Unreadable(name, typeof(T), node, mismatch);
        }
    }

    /// <summary>Sets a variable to any value that System.Text.Json can write.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void Set<T>(string name, T value) => Set(name, value, Serialization);

    /// <summary>Sets a variable to a value that a serializer of your own writes.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void Set<T>(string name, T value, JsonSerializerOptions serialization)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Object[name] = JsonSerializer.SerializeToNode(value, serialization);
        touched.Add(name);
    }

    /// <summary>Removes a variable.</summary>
    /// <returns>False when there was none of that name.</returns>
    public bool Remove(string name)
    {
        var removed = Object.Remove(name);
        if (removed)
        {
            touched.Add(name);
        }

        return removed;
    }

    /// <summary>A copy of the JSON object, as the author knows it.</summary>
    internal JsonObject ToObject()
    {
        var copy = (JsonObject)Object.DeepClone();
        copy.Remove(UndoList);
        return copy;
    }

    /// <summary>Sets what differs from an earlier form of some members, and removes those that are gone.</summary>
    internal void Apply(JsonObject before, JsonObject after)
    {
        foreach (var (name, value) in after)
        {
            if (!before.TryGetPropertyValue(name, out var old) || !JsonNode.DeepEquals(old, value))
            {
                Set(name, value);
            }
        }

        foreach (var (name, _) in before.Where(member => !after.ContainsKey(member.Key)))
        {
            Remove(name);
        }
    }

    /// <summary>The text of the JSON object.</summary>
    public string ToJson() => parsed is null || !Changed ? original : parsed.ToJsonString(DefaultSerialization);

    private static JsonObject ParseObject(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("Variables must be a JSON object.");
}
