using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Bench.Runs;

/// <summary>The workflow to measure: two states whose functions only continue, and an end.</summary>
internal static class ThreeStates
{
    /// <summary>The number of state functions that one workflow runs.</summary>
    public const int Steps = 2;

    public const string Name = "ThreeStates";
    public const string First = "Init";
    public const string Second = "Work";
    public const string Last = "Finish";

    public static WorkflowDefinition Definition { get; } =
        WorkflowDefinitionBuilder
            .Named(Name)
            .Description("Three states and nothing to do")
            .Start(First, static _ => NextState.GoTo(Second), goesTo: [Second])
            .State(Second, static _ => NextState.GoTo(Last), goesTo: [Last])
            .End(Last)
            .Build();
}
