using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GopherFlow.Analyzers.Tests;

/// <summary>Compiles test code like an author's project, with the generator and the analyzers.</summary>
internal static class Compiled
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using GopherFlow.Authoring;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        new MachineAnalyzer(),
        new StepCodeAnalyzer(),
        new OnCommitAnalyzer(),
    ];

    /// <summary>The code before the generator runs.</summary>
    public static CSharpCompilation Source(params string[] files) =>
        CSharpCompilation.Create(
            "Sample",
            [
                CSharpSyntaxTree.ParseText(Usings, path: "Usings.cs"),
                .. files.Select((text, index) => CSharpSyntaxTree.ParseText(text, path: $"File{index}.cs")),
            ],
            References,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );

    /// <summary>The code with the generated code.</summary>
    public static Compilation Generated(params string[] files)
    {
        CSharpGeneratorDriver
            .Create(new TargetsGenerator())
            .RunGeneratorsAndUpdateCompilation(
                Source(files),
                out var compilation,
                out var faults,
                TestContext.Current.CancellationToken
            );
        Assert.Empty(faults);
        return compilation;
    }

    /// <summary>
    /// The warnings and errors of the compiler and the analyzers in code order, each as "id line: the marked text". The generated code must
    /// have no errors.
    /// </summary>
    public static async Task<string[]> DiagnosticsOfAsync(params string[] files)
    {
        var found = await Generated(files)
            .WithAnalyzers(Analyzers)
            .GetAllDiagnosticsAsync(TestContext.Current.CancellationToken);
        return
        [
            .. found
                .Where(fault => fault.Severity >= DiagnosticSeverity.Warning)
                .OrderBy(fault => fault.Location.GetLineSpan().Path, StringComparer.Ordinal)
                .ThenBy(fault => fault.Location.SourceSpan.Start)
                .Select(Describe),
        ];
    }

    /// <summary>The messages of the analyzers.</summary>
    public static async Task<string[]> MessagesOfAsync(string file)
    {
        var found = await Generated(file)
            .WithAnalyzers(Analyzers)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. found.Select(fault => fault.GetMessage(CultureInfo.InvariantCulture))];
    }

    /// <summary>The definition of the only workflow class of the code.</summary>
    public static WorkflowDefinition DefinitionOf(params string[] files)
    {
        using var code = new MemoryStream();
        var emitted = Generated(files).Emit(code, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(emitted.Diagnostics.Where(fault => fault.Severity >= DiagnosticSeverity.Warning));
        var type = Assembly
            .Load(code.ToArray())
            .GetTypes()
            .Single(type => type.IsSubclassOf(typeof(Workflow)) && !type.IsAbstract);
        var flow = new GopherFlowRegistration();
        typeof(GopherFlowRegistration)
            .GetMethod(nameof(GopherFlowRegistration.AddWorkflow), [])!
            .MakeGenericMethod(type)
            .Invoke(flow, []);
        return flow.Build().All.Single();
    }

    /// <summary>The transitions of a definition, such as "Review -> Approval, Ship".</summary>
    public static string[] EdgesOf(params string[] files) =>
        [
            .. DefinitionOf(files)
                .States.Where(state => state.GoesTo.Count > 0)
                .Select(state => $"{state.Name} -> {string.Join(", ", state.GoesTo)}"),
        ];

    private static string Describe(Diagnostic fault)
    {
        var line = fault.Location.GetLineSpan().StartLinePosition.Line + 1;
        var marked = fault.Location.SourceTree?.GetText().ToString(fault.Location.SourceSpan);
        return $"{fault.Id} {line}: {marked}";
    }
}
