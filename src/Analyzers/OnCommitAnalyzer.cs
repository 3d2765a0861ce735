using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GopherFlow.Analyzers;

/// <summary>Finds calls to external systems in OnCommit callbacks and in methods of the same file that these call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OnCommitAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableHashSet<string> Outside =
    [
        "System.Net.Http.HttpMessageInvoker",
        "System.Net.Mail.SmtpClient",
        "System.Net.Sockets.Socket",
        "System.Net.Sockets.TcpClient",
        "System.Net.Sockets.UdpClient",
        "System.Net.WebClient",
        "System.Net.WebRequest",
        "System.Net.WebSockets.WebSocket",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OutsideCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (
            call is { TargetMethod.Name: "OnCommit", Arguments.Length: 1 }
            && WorkflowSymbols.IsNamed(call.TargetMethod.ContainingType, WorkflowSymbols.StepContext)
        )
        {
            Inspect(call.Arguments[0].Value, new HashSet<ISymbol>(SymbolEqualityComparer.Default), context);
        }
    }

    private static void Inspect(IOperation code, HashSet<ISymbol> seen, OperationAnalysisContext context)
    {
        foreach (var operation in code.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IInvocationOperation call when IsOutside(ReceiverOf(call)):
                    context.ReportDiagnostic(
                        Diagnostic.Create(
                            Rules.OutsideCall,
                            call.Syntax.GetLocation(),
                            $"{ReceiverOf(call)!.Name}.{call.TargetMethod.Name}"
                        )
                    );
                    break;
                case IInvocationOperation call:
                    InspectMethod(call.TargetMethod, operation, seen, context);
                    break;
                case IMethodReferenceOperation reference:
                    InspectMethod(reference.Method, operation, seen, context);
                    break;
            }
        }
    }

    private static void InspectMethod(
        IMethodSymbol method,
        IOperation from,
        HashSet<ISymbol> seen,
        OperationAnalysisContext context
    )
    {
        if (!seen.Add(method) || from.SemanticModel is not { } model)
        {
            return;
        }

        foreach (var declaration in method.DeclaringSyntaxReferences.Where(part => part.SyntaxTree == model.SyntaxTree))
        {
            var syntax = declaration.GetSyntax(context.CancellationToken);
            if (model.GetOperation(syntax, context.CancellationToken) is { } body)
            {
                Inspect(body, seen, context);
            }
        }
    }

    /// <summary>The type of the object on which a method is called; for an extension method, of the first argument.</summary>
    private static ITypeSymbol? ReceiverOf(IInvocationOperation call) =>
        call.Instance?.Type
        ?? (
            call is { TargetMethod.IsExtensionMethod: true, Arguments.Length: > 0 }
                ? (
                    call.Arguments[0].Value is IConversionOperation conversion
                        ? conversion.Operand
                        : call.Arguments[0].Value
                ).Type
                : null
        );

    private static bool IsOutside(ITypeSymbol? type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (Outside.Contains(level.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat)))
            {
                return true;
            }
        }

        return false;
    }
}
