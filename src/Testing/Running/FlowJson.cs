using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GopherFlow.Authoring;

namespace GopherFlow.Testing.Running;

/// <summary>Converts values to JSON like variables.</summary>
internal sealed class FlowJson(JsonSerializerOptions? given)
{
    public JsonSerializerOptions Options { get; } = given ?? Variables.DefaultSerialization;

    /// <exception cref="ArgumentException">The JSON of the value is not an object.</exception>
    public Variables VariablesOf(object? input) =>
        input as Variables ?? Variables.Parse(ObjectOf(input).ToJsonString(Options), Options);

    /// <exception cref="ArgumentException">The JSON of the value is not an object.</exception>
    public JsonObject ObjectOf(object? input) =>
        input switch
        {
            null => [],
            Variables variables => variables.ToObject(),
            _ => NodeOf(input) as JsonObject
                ?? throw new ArgumentException(
                    $"Expected variables: a value whose JSON is an object, not {input.GetType().Name}.",
                    nameof(input)
                ),
        };

    public JsonNode? NodeOf(object? value) =>
        value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), Options);

    public static string Shown(JsonNode? node)
    {
        const int longest = 200;
        var text = node?.ToJsonString(VariableText) ?? "null";
        return text.Length <= longest ? text : $"{text[..longest]}...";
    }

    /// <summary>The differences between two objects, one line each; empty when they are equal.</summary>
    public static IReadOnlyList<string> Differences(JsonObject expected, JsonObject actual) =>
        [
            .. expected
                .Select(member => member.Key)
                .Union(actual.Select(member => member.Key), StringComparer.Ordinal)
                .Select(name => Difference(name, expected, actual))
                .OfType<string>(),
        ];

    private static JsonSerializerOptions VariableText { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string? Difference(string name, JsonObject expected, JsonObject actual) =>
        (expected.TryGetPropertyValue(name, out var before), actual.TryGetPropertyValue(name, out var after)) switch
        {
            (true, true) when JsonNode.DeepEquals(before, after) => null,
            (true, true) => $"{name}: expected {Shown(before)}, got {Shown(after)}",
            (true, false) => $"{name}: expected {Shown(before)}, got nothing",
            _ => $"{name}: expected nothing, got {Shown(after)}",
        };
}
