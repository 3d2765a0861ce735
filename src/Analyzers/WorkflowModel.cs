namespace GopherFlow.Analyzers;

/// <summary>
/// The data for the generated part of a class. It contains neither symbols nor syntax, so it stays equal after unrelated edits.
/// </summary>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Types">The enclosing declarations and the class itself, such as <c>class Orders</c>, from the outside in.</param>
/// <param name="Members">The states that a step may go to.</param>
/// <param name="Transitions">The targets of its methods, including those of its bases, because these may call overridden methods.</param>
internal sealed record WorkflowModel(
    string HintName,
    string Namespace,
    EquatableArray<string> Types,
    EquatableArray<TargetMember> Members,
    EquatableArray<TransitionModel> Transitions
);

/// <summary>A member of the generated <c>To</c>.</summary>
/// <param name="Name">Its C# name.</param>
/// <param name="State">The state.</param>
/// <param name="Signal">The signal that the state waits for, or null.</param>
internal sealed record TargetMember(string Name, string State, string? Signal);

/// <summary>The states that may follow a state.</summary>
/// <param name="From">The state.</param>
/// <param name="To">The states that may follow, in the order in which they appear in the code.</param>
internal sealed record TransitionModel(string From, EquatableArray<string> To);
