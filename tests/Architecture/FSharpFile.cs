using System.Text.RegularExpressions;

namespace GopherFlow.Architecture.Tests;

/// <summary>A file of F#, without comments and quoted text.</summary>
/// <param name="Path">Where it is in its project.</param>
/// <param name="Text">Its code.</param>
/// <param name="Module">The whole name of its module; empty when it declares a namespace.</param>
/// <param name="Names">The types and modules that it declares.</param>
/// <param name="Opens">What it opens.</param>
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

    /// <summary>What it names of another file; null when nothing.</summary>
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

        // A module is named by its last part where its namespace is open, or by its last two where the one around that is.
        var parts = other.Module.Split('.');
        return Enumerable
            .Range(1, parts.Length - 1)
            .Where(length => Sees(string.Join('.', parts[..^length])))
            .Select(length => string.Join('.', parts[^length..]))
            .FirstOrDefault(Has);
    }

    private bool Has(string name) => Regex.IsMatch(Text, $@"(?<![\w.]){Regex.Escape(name)}\b");

    private bool Sees(string space) =>
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
