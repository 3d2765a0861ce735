using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GopherFlow.Analyzers.Tests;

/// <summary>The generator regenerates only what an edit changes.</summary>
public sealed class IncrementalTests
{
    private const string Flow = """
        public partial class Flow : Workflow
        {
            [Start]
            public NextState First() => To.Done;

            [End]
            public const string Done = "Done";
        }
        """;

    [Theory]
    [InlineData("public class Other { }", Flow)]
    [InlineData("public class Other { public int Number => 2; }", "// a remark\n" + Flow)]
    public void An_edit_outside_the_states_generates_nothing(string other, string flow) =>
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached], ReasonsAfter(other, flow));

    [Fact]
    public void An_edit_of_a_state_regenerates_its_class() =>
        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified],
            ReasonsAfter(
                "public class Other;",
                Flow.Replace(
                    "=> To.Done",
                    "=> Variables.Contains(\"x\") ? To.First : To.Done",
                    StringComparison.Ordinal
                )
            )
        );

    /// <summary>The step reasons of model and output in the second run, after both files were replaced.</summary>
    private static IncrementalStepRunReason[] ReasonsAfter(string other, string flow)
    {
        var stop = TestContext.Current.CancellationToken;
        var before = Compiled.Source("public class Other;", Flow);
        var trees = before.SyntaxTrees.ToArray();
        var after = before
            .ReplaceSyntaxTree(
                trees[1],
                CSharpSyntaxTree.ParseText(other, path: trees[1].FilePath, cancellationToken: stop)
            )
            .ReplaceSyntaxTree(
                trees[2],
                CSharpSyntaxTree.ParseText(flow, path: trees[2].FilePath, cancellationToken: stop)
            );
        var driver = CSharpGeneratorDriver
            .Create(
                [new TargetsGenerator().AsSourceGenerator()],
                driverOptions: new GeneratorDriverOptions(
                    IncrementalGeneratorOutputKind.None,
                    trackIncrementalGeneratorSteps: true
                )
            )
            .RunGenerators(before, stop)
            .RunGenerators(after, stop);
        var result = driver.GetRunResult().Results.Single();
        return
        [
            result.TrackedSteps[TargetsGenerator.ModelStep].Single().Outputs.Single().Reason,
            result.TrackedOutputSteps.Single().Value.Single().Outputs.Single().Reason,
        ];
    }
}
