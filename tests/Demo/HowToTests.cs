using System.Text.RegularExpressions;

namespace GopherFlow.Demo.Tests;

/// <summary>Code that a page quotes from a sample must still be in the sample: the same lines in the same order.</summary>
public sealed partial class HowToTests
{
    [Fact]
    public void Code_from_a_sample_is_the_code_of_the_sample()
    {
        var shown = Directory
            .EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .SelectMany(page =>
                FromSample()
                    .Matches(File.ReadAllText(page).ReplaceLineEndings("\n"))
                    .Select(block =>
                        (
                            Page: page,
                            Sample: Path.Combine(Path.GetDirectoryName(page)!, block.Groups["sample"].Value),
                            Code: block.Groups["code"].Value
                        )
                    )
            )
            .ToList();

        Assert.InRange(shown.Count, 5, int.MaxValue);
        Assert.All(shown, block => Assert.Equal("", FirstMissing(block.Code, File.ReadAllText(block.Sample))));
    }

    [Fact]
    public void A_line_missing_from_the_sample_is_reported() =>
        Assert.Equal("b = 3;", FirstMissing("using X;\n\n    a = 1;\n    b = 3;\n", "  a = 1;\n  b = 2;\n"));

    private static string FirstMissing(string code, string sample)
    {
        using var lines = LinesOf(sample).GetEnumerator();
        foreach (var wanted in LinesOf(code).Where(line => !line.StartsWith("using ", StringComparison.Ordinal)))
        {
            do
            {
                if (!lines.MoveNext())
                {
                    return wanted;
                }
            } while (lines.Current != wanted);
        }

        return "";
    }

    private static IEnumerable<string> LinesOf(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    [GeneratedRegex(
        @"\bFrom\s+\[\w+\.(?:cs|fsx)\]\((?<sample>[^)]+)\)[^`]*?^```(?:csharp|fsharp)\n(?<code>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex FromSample();
}
