using Microsoft.CodeAnalysis;

namespace GopherFlow.Analyzers;

/// <summary>The rules for workflow classes.</summary>
internal static class Rules
{
    private const string Category = "Workflow";

    /// <summary>A state that no other state leads to.</summary>
    public static readonly DiagnosticDescriptor Unreachable = new(
        "GF1001",
        "A state cannot be reached",
        "State '{0}' cannot be reached from the Start state; remove it or lead a transition to it",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A state that runs and leads nowhere.</summary>
    public static readonly DiagnosticDescriptor DeadEnd = new(
        "GF1002",
        "A state leads nowhere",
        "State '{0}' leads to no other; return a target such as To.Done, or name the targets with [GoesTo]",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A target that is no state of the class.</summary>
    public static readonly DiagnosticDescriptor UnknownTarget = new(
        "GF1003",
        "A target is no state of the workflow",
        "'{0}' is no state of {1}; its states are {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>A typed workflow class that is not partial.</summary>
    public static readonly DiagnosticDescriptor NotPartial = new(
        "GF1004",
        "A typed workflow class is not partial",
        "'{0}' must be partial, so that it gets its targets",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    /// <summary>Undone in a state that undoes no other.</summary>
    public static readonly DiagnosticDescriptor MisplacedUndone = new(
        "GF1009",
        "A state says Undone and undoes nothing",
        "State '{0}' says Undone, but no state names it with [Compensate]; name it there, or go to a state",
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

    /// <summary>The wall clock in a workflow class.</summary>
    public static readonly DiagnosticDescriptor WallClock = new(
        "GF1006",
        "A state reads the wall clock",
        "'{0}' is the clock of this machine; use Step.Clock, which is the engine's and which tests turn",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    /// <summary>A static field that can be changed.</summary>
    public static readonly DiagnosticDescriptor StaticState = new(
        "GF1007",
        "A workflow class has static state",
        "'{0}' is shared by all workflows of this process and lost with it; keep it in the variables or the data",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    /// <summary>A call to the outside within OnCommit.</summary>
    public static readonly DiagnosticDescriptor OutsideCall = new(
        "GF1008",
        "A callback of OnCommit calls the outside",
        "'{0}' calls the outside while the transaction is open, and may be called again; do it in the state, before OnCommit",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );
}
