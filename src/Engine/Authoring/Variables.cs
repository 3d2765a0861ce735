using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GopherFlow.Authoring;

/// <summary>
/// The variables of a workflow: one JSON object. The indexer reads and writes strings, as in the Go system.
/// <see cref="Get{T}(string)"/> and <see cref="Set{T}(string, T)"/> take any type that System.Text.Json can read and write, with camelCase
/// names and enums by name. To add your own converters, call <c>ConfigureVariables</c> where you register the workflows.
/// Changes made in a step are committed with the step, and discarded if the attempt fails.
/// </summary>
public sealed class Variables
{
    /// <summary>No variables, as JSON.</summary>
    internal const string EmptyJson = "{}";

    /// <summary>
    /// The variable that holds the list of completed steps that can be undone. It is stored and displayed like any other variable, but is
    /// left out of <see cref="Names"/> and of typed data.
    /// </summary>
    internal const string UndoList = "$undo";

    /// <summary>The serializer options for values, unless the application configures others.</summary>
    internal static readonly JsonSerializerOptions DefaultSerialization = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string original;
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private JsonObject? parsed;

    /// <summary>Creates an empty set of variables.</summary>
    public Variables()
        : this(serialization: null) { }

    /// <summary>Creates an empty set of variables with your own serializer options; null for the default.</summary>
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

    /// <summary>The changed variables: JSON text for those that were set, null for those that were removed.</summary>
    internal IEnumerable<(string Name, string? Json)> Changes =>
        touched.Select(name =>
            Object.TryGetPropertyValue(name, out var value)
                ? (name, value?.ToJsonString(DefaultSerialization) ?? "null")
                : (name, (string?)null)
        );

    /// <summary>The options with which values are serialized and deserialized.</summary>
    internal JsonSerializerOptions Serialization { get; }

    private JsonObject Object => parsed ??= ParseObject(original);

    /// <summary>
    /// A variable as text: the string itself, the JSON text of any other value, or null if the variable does not exist. Setting null
    /// removes it.
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

    /// <summary>Reads variables from the text of a JSON object, with your own serializer options; null for the default.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static Variables Parse(string json, JsonSerializerOptions? serialization)
    {
        var variables = new Variables(json, serialization);
        _ = variables.Object;
        return variables;
    }

    /// <summary>Creates variables from stored text, which was validated before it was written. It is parsed on first use.</summary>
    internal static Variables FromStore(string json, JsonSerializerOptions? serialization = null) =>
        new(json, serialization);

    /// <summary>Whether a variable with this name exists, even if its value is JSON null.</summary>
    public bool Contains(string name) => Object.ContainsKey(name);

    /// <summary>Deserializes a variable.</summary>
    /// <exception cref="VariableException">
    /// The variable does not exist, is null, or cannot be deserialized to <typeparamref name="T"/>. The message contains its name.
    /// </exception>
    public T Get<T>(string name) => Get<T>(name, Serialization);

    /// <summary>
    /// Deserializes a variable with your own serializer options, for example with more converters, or with types that can be unloaded.
    /// </summary>
    /// <exception cref="VariableException">
    /// The variable does not exist, is null, or cannot be deserialized to <typeparamref name="T"/>. The message contains its name.
    /// </exception>
    public T Get<T>(string name, JsonSerializerOptions serialization) =>
        TryGet<T>(name, serialization, out var value) ? value : throw VariableException.Missing(name, typeof(T), this);

    /// <summary>Deserializes a variable, or returns <paramref name="fallback"/> if it does not exist or is null.</summary>
    /// <exception cref="VariableException">
    /// The variable cannot be deserialized to <typeparamref name="T"/>. The message contains its name.
    /// </exception>
    public T Get<T>(string name, T fallback) => TryGet<T>(name, out var value) ? value : fallback;

    /// <summary>Deserializes a variable.</summary>
    /// <returns>False if the variable does not exist or is null.</returns>
    /// <exception cref="VariableException">
    /// The variable cannot be deserialized to <typeparamref name="T"/>. The message contains its name.
    /// </exception>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value) => TryGet(name, Serialization, out value);

    /// <summary>Deserializes a variable with your own serializer options.</summary>
    /// <returns>False if the variable does not exist or is null.</returns>
    /// <exception cref="VariableException">
    /// The variable cannot be deserialized to <typeparamref name="T"/>. The message contains its name.
    /// </exception>
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

    /// <summary>Sets a variable, with your own serializer options.</summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void Set<T>(string name, T value, JsonSerializerOptions serialization)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Object[name] = JsonSerializer.SerializeToNode(value, serialization);
        touched.Add(name);
    }

    /// <summary>Removes a variable.</summary>
    /// <returns>False if the variable did not exist.</returns>
    public bool Remove(string name)
    {
        var removed = Object.Remove(name);
        if (removed)
        {
            touched.Add(name);
        }

        return removed;
    }

    /// <summary>A copy of the JSON object, without the engine's own variable.</summary>
    internal JsonObject ToObject()
    {
        var copy = (JsonObject)Object.DeepClone();
        copy.Remove(UndoList);
        return copy;
    }

    /// <summary>Sets the members that differ between two versions of the data, and removes those that no longer exist.</summary>
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

    /// <summary>The variables as the text of a JSON object.</summary>
    public string ToJson() => parsed is null || !Changed ? original : parsed.ToJsonString(DefaultSerialization);

    private static JsonObject ParseObject(string json) =>
        JsonNode.Parse(json) as JsonObject ?? throw new JsonException("Variables must be a JSON object.");
}
