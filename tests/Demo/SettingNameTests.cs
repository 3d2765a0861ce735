using System.Text.RegularExpressions;
using GopherFlow.Settings;

namespace GopherFlow.Demo.Tests;

/// <summary>The known settings, the settings that the code reads, and the documented settings must be the same.</summary>
public partial class SettingNameTests
{
    private static readonly string[] OfTools = ["GFLOW_TEST_", "GFLOW_BENCH_"];

    [Fact]
    public void Every_documented_setting_is_known() =>
        Assert.Empty(NamesIn("docs", "*.md").Except(KnownSettings.Names));

    [Fact]
    public void Every_known_setting_has_a_row_in_the_documentation()
    {
        var lines = TableNames()
            .Matches(File.ReadAllText(Repository.PathOf("docs/operate/README.md")))
            .Select(line => line.Groups["name"].Value);

        Assert.Equal(KnownSettings.Names.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_code_reads_exactly_the_known_settings() =>
        Assert.Equal(
            KnownSettings.Names.Order(StringComparer.Ordinal),
            NamesIn("src", "*.cs")
                .Concat(NamesIn("src", "*.fs"))
                .Concat(NamesIn("samples", "*.cs"))
                .Concat(NamesIn("scripts", "*.fsx"))
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> NamesIn(string folder, string files) =>
        Directory
            .EnumerateFiles(Repository.PathOf(folder), files, SearchOption.AllDirectories)
            .Where(file => Path.GetFileNameWithoutExtension(file) != nameof(KnownSettings))
            .Where(file =>
                !file.Contains(
                    $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal
                )
            )
            .SelectMany(file => Names().Matches(File.ReadAllText(file)))
            .Select(name => name.Value)
            .Where(name => !OfTools.Any(tool => name.StartsWith(tool, StringComparison.Ordinal)))
            .Distinct();

    [GeneratedRegex("GFLOW_[A-Z]+(?:_[A-Z]+)*")]
    private static partial Regex Names();

    [GeneratedRegex(@"^\| `(?<name>GFLOW_[A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableNames();
}
