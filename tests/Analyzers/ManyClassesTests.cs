using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GopherFlow.Analyzers.Tests;

/// <summary>An edit in a project with a hundred typed workflows.</summary>
public sealed class ManyClassesTests
{
    private const int Many = 100;
    private const string Remark = "/* here */";

    private static readonly GeneratorDriverOptions Tracking = new(
        IncrementalGeneratorOutputKind.None,
        trackIncrementalGeneratorSteps: true
    );

    [Theory]
    [InlineData("a remark", "// looked at again", 0)]
    [InlineData("another way", "if (Data.Total < 0) return To.Refused;", 1)]
    public async Task An_edit_generates_only_what_it_changes(string what, string line, int changed)
    {
        var stop = TestContext.Current.CancellationToken;
        var before = Compiled.Source([.. Enumerable.Range(0, Many).Select(FileOf)]);
        var driver = CSharpGeneratorDriver
            .Create([new TargetsGenerator().AsSourceGenerator()], driverOptions: Tracking)
            .RunGeneratorsAndUpdateCompilation(before, out var first, out _, stop);
        await AnalyzedAsync(first);
        var file = before.SyntaxTrees.Last();
        var text = (await file.GetTextAsync(stop)).ToString().Replace(Remark, line, StringComparison.Ordinal);

        var watch = Stopwatch.StartNew();
        var edited = before.ReplaceSyntaxTree(
            file,
            CSharpSyntaxTree.ParseText(text, path: file.FilePath, cancellationToken: stop)
        );
        driver = driver.RunGeneratorsAndUpdateCompilation(edited, out var second, out _, stop);
        var generating = watch.Elapsed;
        second.GetDiagnostics(stop);
        var compiling = watch.Elapsed - generating;
        var (faults, analyzing) = await AnalyzedAsync(second);

        var outputs = driver.GetRunResult().Results.Single().TrackedOutputSteps.Single().Value;
        Assert.Equal(Many, outputs.Length);
        Assert.Equal(
            changed,
            outputs.Count(step => step.Outputs.Single().Reason is not IncrementalStepRunReason.Cached)
        );
        Assert.Empty(faults);
        TestContext.Current.SendDiagnosticMessage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what} in one of {Many} workflows: generator {generating.TotalSeconds:F2} s, compiler {compiling.TotalSeconds:F2} s, analyzers {analyzing.TotalSeconds:F2} s"
            )
        );
    }

    /// <summary>The diagnostics of the analyzers and their own execution time.</summary>
    private static async Task<(IReadOnlyList<Diagnostic> Faults, TimeSpan Time)> AnalyzedAsync(Compilation compilation)
    {
        var stop = TestContext.Current.CancellationToken;
        ImmutableArray<DiagnosticAnalyzer> analyzers =
        [
            new MachineAnalyzer(),
            new StepCodeAnalyzer(),
            new OnCommitAnalyzer(),
        ];
        var analyzed = compilation.WithAnalyzers(
            analyzers,
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                onAnalyzerException: null,
                concurrentAnalysis: false,
                logAnalyzerExecutionTime: true
            )
        );
        var faults = await analyzed.GetAnalyzerDiagnosticsAsync(stop);
        var time = TimeSpan.Zero;
        foreach (var analyzer in analyzers)
        {
            time += (await analyzed.GetAnalyzerTelemetryInfoAsync(analyzer, stop)).ExecutionTime;
        }

        return (faults, time);
    }

    private static string FileOf(int number) =>
        $$"""
            namespace Shop{{number}};

            public sealed record Order(string Customer, decimal Total);

            public sealed record Decision(bool Approved);

            [Workflow("Orders{{number}}")]
            public sealed partial class Orders : Workflow<Order, Order, string>
            {
                protected override Order Begin(Order order) => order;

                [Start, Compensate(nameof(Release))]
                public NextState Reserve()
                {
                    {{Remark}}
                    return Data.Total > 1000 ? To.Approval.OrAfter(To.Refused, days: 3) : To.Bill;
                }

                [Manual]
                public NextState OnApproval(Decision decision) => decision.Approved ? To.Bill : To.Refused;

                [State]
                public NextState Bill() => WaitFor("paid").Then(To.Pack).OrAfter(To.GiveUp, days: 14);

                [State]
                public async Task<NextState> Pack()
                {
                    await Task.Delay(1, Step.Cancellation);
                    return Next();
                }

                [State, OnFailure]
                public NextState GiveUp() => Compensate(To.Refused);

                [State]
                public NextState Release() => Undone();

                [End]
                public string Shipped() => Data.Customer;

                [Error]
                private const string Refused = "Refused";

                private NextState Next() => To.Shipped;
            }
            """;
}
