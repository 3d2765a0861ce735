using Microsoft.CodeAnalysis;

namespace GopherFlow.Analyzers;

/// <summary>The kind of a state.</summary>
internal enum StateKind
{
    /// <summary>The state in which a workflow starts.</summary>
    Start,

    /// <summary>An ordinary state.</summary>
    State,

    /// <summary>Waits for a person or a signal.</summary>
    Manual,

    /// <summary>A final state.</summary>
    Final,
}

/// <summary>A state that a class declares.</summary>
/// <param name="Symbol">The method or constant.</param>
/// <param name="Name">The name of the state.</param>
/// <param name="Member">Its C# name, without the "On" of a method that runs with a signal.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="GoesTo">The attribute that declares its targets, or null.</param>
internal sealed record StateSymbol(ISymbol Symbol, string Name, string Member, StateKind Kind, AttributeData? GoesTo)
{
    /// <summary>Whether the state runs a method, which determines the next state.</summary>
    public bool Runs => Symbol is IMethodSymbol && Kind != StateKind.Final;

    /// <summary>Whether a workflow goes there when it is cancelled or when a state has failed.</summary>
    public bool IsDiversion =>
        WorkflowSymbols.Has(Symbol, "OnCancelAttribute") || WorkflowSymbols.Has(Symbol, "OnFailureAttribute");

    /// <summary>The attribute that declares the state that undoes it, or null.</summary>
    public AttributeData? Compensate => WorkflowSymbols.Find(Symbol, "CompensateAttribute");

    /// <summary>The state that undoes it, or null.</summary>
    public string? CompensatedBy =>
        Compensate is { ConstructorArguments: { Length: 1 } arguments } ? arguments[0].Value as string : null;

    /// <summary>The signal that it waits for, or null.</summary>
    public string? Signal =>
        Kind == StateKind.Manual && Symbol is IMethodSymbol method
            ? method.Parameters.Select(parameter => parameter.Type).FirstOrDefault(IsPayload)?.Name
            : null;

    private static bool IsPayload(ITypeSymbol type) =>
        type.Name is not ("CancellationToken" or WorkflowSymbols.StepContext);
}
