using Microsoft.CodeAnalysis.Diagnostics;

namespace GopherFlow.Analyzers.Tests;

/// <summary>The rules in the documentation.</summary>
public sealed class RuleTests
{
    [Fact]
    public void The_reference_names_every_rule_with_its_severity()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "reference", "analyzers.md"));
        var rules = new DiagnosticAnalyzer[] { new MachineAnalyzer(), new StepCodeAnalyzer(), new OnCommitAnalyzer() }
            .SelectMany(analyzer => analyzer.SupportedDiagnostics)
            .ToList();

        Assert.Equal(9, rules.Count);
        Assert.All(
            rules,
            rule =>
                Assert.Contains(
                    $"| {rule.Id} | {rule.DefaultSeverity.ToString().ToLowerInvariant()} |",
                    page,
                    StringComparison.Ordinal
                )
        );
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GopherFlow.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
