namespace GopherFlow.Analyzers;

/// <summary>What is generated for a class. It has neither symbols nor syntax, so an unrelated edit leaves it equal.</summary>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="Types">The declarations around it and its own, such as <c>class Orders</c>, from the outside in.</param>
/// <param name="Members">The states that a step may go to.</param>
/// <param name="Transitions">What its methods lead to, those of its bases included: they may call what it overrides.</param>
internal sealed record WorkflowModel(
    string HintName,
    string Namespace,
    EquatableArray<string> Types,
    EquatableArray<TargetMember> Members,
    EquatableArray<TransitionModel> Transitions
);

/// <summary>A member of the generated <c>To</c>.</summary>
/// <param name="Name">Its name in C#.</param>
/// <param name="State">The state.</param>
/// <param name="Signal">The signal that the state waits for, or null.</param>
internal sealed record TargetMember(string Name, string State, string? Signal);

/// <summary>The states that may follow one.</summary>
/// <param name="From">The state.</param>
/// <param name="To">The states that may follow, in the order in which the code names them.</param>
internal sealed record TransitionModel(string From, EquatableArray<string> To);
