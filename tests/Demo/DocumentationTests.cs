using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using GopherFlow.Analyzers;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GopherFlow.Demo.Tests;

/// <summary>
/// Compiles every C# sample of the documentation and of the package readmes. The types of a page are compiled together. A sample with
/// top-level statements is a program that uses them. Samples must be complete apart from the implicit usings of a project.
/// </summary>
public partial class DocumentationTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The readme of each package, which the package feed shows.</summary>
    private static IEnumerable<string> PackageReadmes =>
        Directory
            .EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.PathOf("src"), "*.fsproj", SearchOption.AllDirectories))
            .Select(project => Path.Combine(Path.GetDirectoryName(project)!, "README.md"))
            .Where(File.Exists);

    /// <summary>Every page that has a C# sample.</summary>
    public static TheoryData<string> Pages =>
        [
            .. Directory
                .EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
                .Append(Repository.PathOf("README.md"))
                .Concat(PackageReadmes)
                .Where(page => SamplesOf(page).Count > 0)
                .Select(page => Path.GetRelativePath(Repository.Root, page))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_samples_of_a_page_compile(string page)
    {
        var samples = SamplesOf(Repository.PathOf(page));
        var types = samples.Where(sample => !HasStatements(sample)).ToList();
        var programs = samples.Where(HasStatements).ToList();

        Assert.Empty(await DiagnosticsOfAsync(types, OutputKind.DynamicallyLinkedLibrary));
        foreach (var program in programs)
        {
            Assert.Empty(await DiagnosticsOfAsync([.. types, program], OutputKind.ConsoleApplication));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_workflows_of_a_page_are_valid(string page)
    {
        var types = SamplesOf(Repository.PathOf(page)).Where(sample => !HasStatements(sample)).ToList();
        using var code = new MemoryStream();
        Assert.True(
            CompilationOf(types, OutputKind.DynamicallyLinkedLibrary)
                .Emit(code, cancellationToken: TestContext.Current.CancellationToken)
                .Success
        );
        var flow = new GopherFlowRegistration();
        var add = typeof(GopherFlowRegistration).GetMethod(nameof(GopherFlowRegistration.AddWorkflow), [])!;
        foreach (
            var type in Assembly.Load(code.ToArray()).GetTypes().Where(type => type.IsSubclassOf(typeof(Workflow)))
        )
        {
            add.MakeGenericMethod(type).Invoke(flow, []);
        }

        Assert.Null(Record.Exception(flow.Build));
    }

    [Theory]
    [InlineData("docs/author/testing.md", 6)]
    [InlineData("docs/how-to/order-process.md", 1)]
    public async Task The_tests_of_a_page_pass(string page, int tests)
    {
        var types = SamplesOf(Repository.PathOf(page)).Where(sample => !HasStatements(sample)).ToList();
        using var code = new MemoryStream();
        CompilationOf(types, OutputKind.DynamicallyLinkedLibrary)
            .Emit(code, cancellationToken: TestContext.Current.CancellationToken);
        var found = Assembly
            .Load(code.ToArray())
            .GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: false))
            .ToList();
        Assert.Equal(tests, found.Count);
        foreach (var test in found)
        {
            await (Task)test.Invoke(Activator.CreateInstance(test.DeclaringType!), null)!;
        }
    }

    [Fact]
    public async Task A_sample_that_does_not_compile_is_reported()
    {
        var sample = CSharpSyntaxTree.ParseText(
            "public class Broken : NoSuchType;",
            path: "sample",
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Single(await DiagnosticsOfAsync([sample], OutputKind.DynamicallyLinkedLibrary));
    }

    /// <summary>The program of a page with the types that it uses.</summary>
    internal static Compilation ProgramOf(string page)
    {
        var samples = SamplesOf(Repository.PathOf(page));
        var types = samples.Where(sample => !HasStatements(sample));
        return CompilationOf([.. types, samples.Single(HasStatements)], OutputKind.ConsoleApplication);
    }

    private static List<SyntaxTree> SamplesOf(string page)
    {
        var text = File.ReadAllText(page, Encoding.UTF8);
        return
        [
            .. FencedCSharp()
                .Matches(text)
                .Select(match =>
                    CSharpSyntaxTree.ParseText(
                        match.Groups["code"].Value,
                        path: $"{Path.GetFileName(page)}, sample at line {text[..match.Index].Count(sign => sign == '\n') + 2}"
                    )
                ),
        ];
    }

    private static bool HasStatements(SyntaxTree sample) =>
        sample.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();

    private static Compilation CompilationOf(IReadOnlyCollection<SyntaxTree> samples, OutputKind kind)
    {
        CSharpGeneratorDriver
            .Create(new TargetsGenerator())
            .RunGeneratorsAndUpdateCompilation(
                CSharpCompilation.Create(
                    "Samples",
                    [CSharpSyntaxTree.ParseText(ImplicitUsings), .. samples],
                    References,
                    new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable)
                ),
                out var compilation,
                out _
            );
        return compilation;
    }

    /// <summary>The warnings and errors of the compiler and the workflow analyzers.</summary>
    private static async Task<string[]> DiagnosticsOfAsync(IReadOnlyCollection<SyntaxTree> samples, OutputKind kind)
    {
        var found = await CompilationOf(samples, kind)
            .WithAnalyzers([new MachineAnalyzer(), new StepCodeAnalyzer(), new OnCommitAnalyzer()])
            .GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. found.Where(issue => issue.Severity >= DiagnosticSeverity.Warning).Select(issue => issue.ToString()),
        ];
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedCSharp();
}
