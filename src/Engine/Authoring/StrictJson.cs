using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Authoring;

/// <summary>
/// Deserializes JSON strictly: required members must be present, and null is accepted only where the type allows it. Thread-safe. It caches
/// the serializer options, which are expensive to create.
/// </summary>
internal sealed class StrictJson
{
    private Known? known;

    /// <summary>A strict copy of serializer options.</summary>
    public JsonSerializerOptions Of(JsonSerializerOptions usual)
    {
        if (Volatile.Read(ref known) is { } last && ReferenceEquals(last.Usual, usual))
        {
            return last.Strict;
        }

        var strict = new JsonSerializerOptions(usual)
        {
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        Volatile.Write(ref known, new Known(usual, strict));
        return strict;
    }

    /// <summary>Deserializes a value, or returns why it does not fit the type.</summary>
    public bool TryRead(
        JsonNode? json,
        Type type,
        JsonSerializerOptions usual,
        [NotNullWhen(true)] out object? value,
        out Misfit misfit,
        out Exception? mismatch
    )
    {
        (value, misfit, mismatch) = (null, default, null);
        try
        {
            value = json.Deserialize(type, Of(usual));
        }
        catch (Exception found) when (Misfit.IsOne(found))
        {
            (misfit, mismatch) = (Misfit.Of(type, found), found);
            return false;
        }

        misfit = value is null ? Misfit.Null(type) : default;
        return value is not null;
    }

    /// <summary>Deserializes a value.</summary>
    /// <exception cref="VariableException">The JSON does not fit the type.</exception>
    public T Read<T>(JsonNode? json, JsonSerializerOptions usual, string subject) =>
        TryRead(json, typeof(T), usual, out var value, out var misfit, out var mismatch)
            ? (T)value
            : throw VariableException.Unfit(subject, misfit, mismatch);

    private sealed record Known(JsonSerializerOptions Usual, JsonSerializerOptions Strict);
}

/// <summary>Why JSON does not fit a type.</summary>
/// <param name="Path">The path of the error, such as <c>.order.total</c>; empty for the root.</param>
/// <param name="Expected">A description of the expected value.</param>
internal readonly record struct Misfit(string Path, string Expected)
{
    private const string MissingMembers = " was missing required properties including: '";

    /// <summary>The predicate of an error message whose subject is the name of the field.</summary>
    public string Described => $"does not fit at '${Path}'; expected {Expected}";

    /// <summary>Whether an exception of the serializer means that the JSON does not fit.</summary>
    public static bool IsOne(Exception found) =>
        found is JsonException or NotSupportedException or ArgumentException or FormatException;

    /// <summary>The JSON is null where a value is expected.</summary>
    public static Misfit Null(Type type) => new("", $"a value of type {type.Name}, not null");

    /// <summary>Converts an exception of the serializer.</summary>
    public static Misfit Of(Type type, Exception found) =>
        found is JsonException json
            ? new(
                (json.Path ?? "$").TrimStart('$') + MissingMember(json.Message),
                $"{type.Name}: {FirstSentence(json)}"
            )
            : new("", $"{type.Name}: {found.Message}");

    /// <summary>For a missing member, the exception's path ends at the parent object. The member is named only in the message.</summary>
    private static string MissingMember(string message)
    {
        var at = message.IndexOf(MissingMembers, StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }

        var name = message.AsSpan(at + MissingMembers.Length);
        return name.IndexOf('\'') is var end and > 0 ? $".{name[..end]}" : "";
    }

    /// <summary>The message without the path and line that the serializer appends, because the path is reported separately.</summary>
    private static string FirstSentence(JsonException mismatch)
    {
        var end = mismatch.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? mismatch.Message : mismatch.Message[..end];
    }
}
