using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Authoring;

/// <summary>
/// Reads JSON as types that mean what they declare: a required member must be there, and null is read only where the type allows it.
/// Thread-safe; it keeps the serializer's options, which are costly to make.
/// </summary>
internal sealed class StrictJson
{
    private Known? known;

    /// <summary>The strict form of some options.</summary>
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

    /// <summary>A value, or why there is none.</summary>
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

    /// <summary>A value.</summary>
    /// <exception cref="VariableException">The JSON does not fit the type.</exception>
    public T Read<T>(JsonNode? json, JsonSerializerOptions usual, string subject) =>
        TryRead(json, typeof(T), usual, out var value, out var misfit, out var mismatch)
            ? (T)value
            : throw VariableException.Unfit(subject, misfit, mismatch);

    private sealed record Known(JsonSerializerOptions Usual, JsonSerializerOptions Strict);
}

/// <summary>Why JSON does not fit a type.</summary>
/// <param name="Path">Where, such as <c>.order.total</c>; empty for the whole.</param>
/// <param name="Expected">What was expected, in words.</param>
internal readonly record struct Misfit(string Path, string Expected)
{
    private const string MissingMembers = " was missing required properties including: '";

    /// <summary>What does not fit, as the end of a sentence that names the field.</summary>
    public string Described => $"does not fit at '${Path}'; expected {Expected}";

    /// <summary>Whether an exception of the serializer says that the JSON does not fit.</summary>
    public static bool IsOne(Exception found) =>
        found is JsonException or NotSupportedException or ArgumentException or FormatException;

    /// <summary>There is null instead of a value.</summary>
    public static Misfit Null(Type type) => new("", $"a value of type {type.Name}, not null");

    /// <summary>What an exception of the serializer says.</summary>
    public static Misfit Of(Type type, Exception found) =>
        found is JsonException json
            ? new(
                (json.Path ?? "$").TrimStart('$') + MissingMember(json.Message),
                $"{type.Name}: {FirstSentence(json)}"
            )
            : new("", $"{type.Name}: {found.Message}");

    /// <summary>The path of a missing member ends at the object that lacks it; the first member is named in the message alone.</summary>
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

    /// <summary>The serializer adds path and line to its message; the path is given apart.</summary>
    private static string FirstSentence(JsonException mismatch)
    {
        var end = mismatch.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? mismatch.Message : mismatch.Message[..end];
    }
}
