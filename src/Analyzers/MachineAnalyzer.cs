using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GopherFlow.Analyzers;

/// <summary>Finds errors in the state machine of a workflow class that the engine would refuse when the host starts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MachineAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [Rules.Unreachable, Rules.DeadEnd, Rules.UnknownTarget, Rules.NotPartial, Rules.MisplacedUndone];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!WorkflowSymbols.IsWorkflow(type))
        {
            return;
        }

        if (WorkflowSymbols.IsTyped(type) && NotPartialAround(type, context.CancellationToken) is { } closed)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.NotPartial, closed.Identifier.GetLocation(), closed.Identifier.ValueText)
            );
        }

        var machine = Machine.Of(type, context.CancellationToken);
        foreach (var (target, names) in machine.UnknownTargets)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.UnknownTarget, target.Place.GetLocation(), target.State, type.Name, names)
            );
        }

        // Derived classes may add the states and transitions that an abstract class lacks.
        if (type.IsAbstract)
        {
            return;
        }

        foreach (var (state, call) in machine.Misplaced(context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.MisplacedUndone, call.GetLocation(), state.Name));
        }

        foreach (var state in machine.DeadEnds)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.DeadEnd, PlaceOf(state, type), state.Name));
        }

        foreach (var state in machine.Unreachable)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.Unreachable, PlaceOf(state, type), state.Name));
        }
    }

    /// <summary>The location for a state. A state that is inherited from another assembly is reported at the class.</summary>
    private static Location PlaceOf(StateSymbol state, INamedTypeSymbol type) =>
        state.Symbol.Locations.FirstOrDefault(place => place.IsInSource) ?? type.Locations[0];

    private static TypeDeclarationSyntax? NotPartialAround(INamedTypeSymbol type, CancellationToken cancellation) =>
        type
            .DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation))
            .SelectMany(part => part.AncestorsAndSelf())
            .OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(part => !part.Modifiers.Any(SyntaxKind.PartialKeyword));
}
