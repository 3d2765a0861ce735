using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GopherFlow.Authoring;

/// <summary>
/// A variable is missing, or cannot be deserialized to the requested type. A retry would fail in the same way, so the workflow becomes
/// FAILED at once.
/// </summary>
public sealed class VariableException : NotRetryableException
{
    private const int LongestExcerpt = 80;
    private const int MostNames = 5;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private VariableException(string variable, string message, Exception? inner = null)
        : base(message, inner!) => Variable = variable;

    /// <summary>The name of the variable; empty if the error concerns all variables.</summary>
    public string Variable { get; }

    /// <summary>The variable does not exist, or is null.</summary>
    internal static VariableException Missing(string variable, Type expected, Variables variables) =>
        new(
            variable,
            variables.Contains(variable)
                ? $"Variable '{variable}' is null, which cannot be read as {NameOf(expected)}."
                : $"There is no variable '{variable}' to read as {NameOf(expected)}; {Present(variables.Names)}."
        );

    /// <summary>The variable cannot be deserialized to the requested type.</summary>
    internal static VariableException Unreadable(string variable, Type expected, JsonNode found, Exception mismatch) =>
        new(
            variable,
            $"Variable '{variable}' cannot be read as {NameOf(expected)}: it is {Excerpt(found.ToJsonString(Readable))}. {mismatch.Message}",
            mismatch
        );

    /// <summary>The variables, or the payload of a signal, do not fit a declared type.</summary>
    internal static VariableException Unfit(string subject, Misfit misfit, Exception? mismatch) =>
        new(misfit.Path.TrimStart('.').Split('.', '[')[0], $"{subject} {misfit.Described}", mismatch);

    private static string Present(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return "the workflow has no variables";
        }

        var listed = string.Join(", ", names.Take(MostNames).Select(Excerpt));
        return names.Count switch
        {
            1 => $"there is {listed}",
            > MostNames => $"there are {listed} and {names.Count - MostNames} more",
            _ => $"there are {listed}",
        };
    }

    private static string Excerpt(string text)
    {
        if (text.Length <= LongestExcerpt)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return text[..end] + "…";
    }

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return NameOf(value) + "?";
        }

        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : type.Name;
    }
}
