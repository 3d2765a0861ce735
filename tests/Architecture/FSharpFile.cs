using System.Text.RegularExpressions;

namespace GopherFlow.Architecture.Tests;

/// <summary>An F# file without comments and quoted text.</summary>
/// <param name="Path">The path within its project.</param>
/// <param name="Text">The code.</param>
/// <param name="Module">The full name of its module, or empty when it declares a namespace.</param>
/// <param name="Names">The types and modules that it declares.</param>
/// <param name="Opens">The namespaces and modules that it opens.</param>
internal sealed partial record FSharpFile(
    string Path,
    string Text,
    string Module,
    IReadOnlySet<string> Names,
    IReadOnlySet<string> Opens
)
{
    public static FSharpFile Read(string path, string code) =>
        new(
            path,
            code,
            TopModule().Match(code).Groups["name"].Value,
            Declaration().Matches(code).Select(match => match.Groups["name"].Value).ToHashSet(),
            Open().Matches(code).Select(match => match.Groups["name"].Value).ToHashSet()
        );

    /// <summary>The name of another file that this file uses, or null.</summary>
    public string? NameUsedOf(FSharpFile other)
    {
        if (other.Module == "")
        {
            return other.Names.FirstOrDefault(Has);
        }

        if (Opens.Contains(other.Module))
        {
            return other.Module;
        }

        // A module is referenced by its last part if its namespace is open, or by its last two parts if the parent namespace is open.
        var parts = other.Module.Split('.');
        return Enumerable
            .Range(1, parts.Length - 1)
            .Where(length => IsOpen(string.Join('.', parts[..^length])))
            .Select(length => string.Join('.', parts[^length..]))
            .FirstOrDefault(Has);
    }

    private bool Has(string name) => Regex.IsMatch(Text, $@"(?<![\w.]){Regex.Escape(name)}\b");

    private bool IsOpen(string space) =>
        Opens.Contains(space) || Module.StartsWith($"{space}.", StringComparison.Ordinal);

    [GeneratedRegex(@"^module\s+(?:internal\s+|rec\s+)*(?<name>\w+(?:\.\w+)+)\s*$", RegexOptions.Multiline)]
    private static partial Regex TopModule();

    [GeneratedRegex(
        @"^(?:type|and|module)\s+(?:internal\s+|private\s+|rec\s+)*(?<name>\w+)(?![\w.])",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^open\s+(?<name>\w+(?:\.\w+)*)\s*$", RegexOptions.Multiline)]
    private static partial Regex Open();
}
