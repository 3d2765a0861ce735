using Microsoft.CodeAnalysis;

namespace GopherFlow.Analyzers;

/// <summary>The rules for workflow classes.</summary>
internal static class Rules
{
    private const string Category = "Workflow";

    /// <summary>A state to which no transition leads.</summary>
    public static readonly DiagnosticDescriptor Unreachable = new(
        "GF1001",
        "A state cannot be reached",
        "State '{0}' cannot be reached from the Start state; remove it or add a transition to it",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A state that runs but has no targets.</summary>
    public static readonly DiagnosticDescriptor DeadEnd = new(
        "GF1002",
        "A state has no targets",
        "State '{0}' has no targets; return a target such as To.Done, or declare the targets with [GoesTo]",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A target that is not a state of the class.</summary>
    public static readonly DiagnosticDescriptor UnknownTarget = new(
        "GF1003",
        "A target is not a state of the workflow",
        "'{0}' is not a state of {1}; its states are {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A typed workflow class that is not partial.</summary>
    public static readonly DiagnosticDescriptor NotPartial = new(
        "GF1004",
        "A typed workflow class is not partial",
        "'{0}' must be partial, so that its targets can be generated",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>Undone in a state that does not undo another.</summary>
    public static readonly DiagnosticDescriptor MisplacedUndone = new(
        "GF1009",
        "A state calls Undone but undoes no other state",
        "State '{0}' calls Undone, but no state refers to it with [Compensate]; add the attribute, or go to a state",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A blocking call in a workflow class.</summary>
    public static readonly DiagnosticDescriptor Blocking = new(
        "GF1005",
        "A state blocks its thread",
        "'{0}' blocks the thread of the step; await instead, or wait between states with After",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    /// <summary>Use of the wall clock in a workflow class.</summary>
    public static readonly DiagnosticDescriptor WallClock = new(
        "GF1006",
        "A state reads the wall clock",
        "'{0}' is the clock of this machine; use Step.Clock, which is the engine's clock and can be controlled in tests",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    /// <summary>A mutable static field.</summary>
    public static readonly DiagnosticDescriptor StaticState = new(
        "GF1007",
        "A workflow class has static state",
        "'{0}' is shared by all workflows in this process and is lost when it ends; keep it in the variables or the data",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    /// <summary>A call to an external system within OnCommit.</summary>
    public static readonly DiagnosticDescriptor OutsideCall = new(
        "GF1008",
        "An OnCommit callback calls an external system",
        "'{0}' calls an external system while the transaction is open, and may be called again; call it in the state, before OnCommit",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );
}
