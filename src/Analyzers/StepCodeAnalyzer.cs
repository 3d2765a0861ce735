using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GopherFlow.Analyzers;

/// <summary>
/// Finds code in workflow classes that does not work as expected in a state: blocking waits, wall clocks and static fields.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepCodeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [Rules.Blocking, Rules.WallClock, Rules.StaticState];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(OfCall, OperationKind.Invocation);
        context.RegisterOperationAction(OfProperty, OperationKind.PropertyReference);
        context.RegisterSymbolAction(OfMember, SymbolKind.Field, SymbolKind.Property);
    }

    private static void OfCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (Blocks(call.TargetMethod) && IsInWorkflow(context))
        {
            Report(context, Rules.Blocking, call.TargetMethod);
        }
    }

    private static void OfProperty(OperationAnalysisContext context)
    {
        var property = ((IPropertyReferenceOperation)context.Operation).Property;
        if (context.Operation.Parent is INameOfOperation)
        {
            return;
        }

        if (property.Name == "Result" && IsTask(property.ContainingType) && IsInWorkflow(context))
        {
            Report(context, Rules.Blocking, property);
        }

        if (ReadsWallClock(property) && IsInWorkflow(context))
        {
            Report(context, Rules.WallClock, property);
        }
    }

    private static void OfMember(SymbolAnalysisContext context)
    {
        var member = context.Symbol;
        if (member.IsStatic && CanBeChanged(member) && WorkflowSymbols.IsWorkflow(member.ContainingType))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.StaticState, member.Locations[0], member.Name));
        }
    }

    /// <summary>Whether a member is mutable: a field, or a property with a backing field.</summary>
    private static bool CanBeChanged(ISymbol member) =>
        member switch
        {
            IFieldSymbol field => field is { IsConst: false, IsReadOnly: false, IsImplicitlyDeclared: false },
            IPropertySymbol { SetMethod: not null } property => property
                .ContainingType.GetMembers()
                .OfType<IFieldSymbol>()
                .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
            _ => false,
        };

    private static bool Blocks(IMethodSymbol method) =>
        method.Name switch
        {
            "Sleep" => Is(method.ContainingType, "System.Threading", "Thread"),
            "Wait" => IsTask(method.ContainingType)
                || Is(method.ContainingType, "System.Threading", "SemaphoreSlim")
                || Is(method.ContainingType, "System.Threading", "ManualResetEventSlim"),
            "WaitAll" or "WaitAny" => IsTask(method.ContainingType)
                || Is(method.ContainingType, "System.Threading", "WaitHandle"),
            "WaitOne" => Is(method.ContainingType, "System.Threading", "WaitHandle"),
            "GetResult" => method.ContainingType.Name.EndsWith("Awaiter", StringComparison.Ordinal)
                && IsIn(method.ContainingType, "System.Runtime.CompilerServices"),
            _ => false,
        };

    private static bool ReadsWallClock(IPropertySymbol property) =>
        property.Name switch
        {
            "Now" or "UtcNow" or "Today" => Is(property.ContainingType, "System", "DateTime")
                || Is(property.ContainingType, "System", "DateTimeOffset"),
            "System" => Is(property.ContainingType, "System", "TimeProvider"),
            _ => false,
        };

    private static bool IsTask(INamedTypeSymbol type) =>
        Is(type, "System.Threading.Tasks", "Task") || Is(type, "System.Threading.Tasks", "ValueTask");

    private static bool Is(INamedTypeSymbol type, string space, string name) => type.Name == name && IsIn(type, space);

    private static bool IsIn(INamedTypeSymbol type, string space) =>
        type.ContainingNamespace.ToDisplayString() == space;

    private static bool IsInWorkflow(OperationAnalysisContext context) =>
        WorkflowSymbols.IsWorkflow(context.ContainingSymbol.ContainingType);

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, ISymbol used) =>
        context.ReportDiagnostic(
            Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), $"{used.ContainingType.Name}.{used.Name}")
        );
}
