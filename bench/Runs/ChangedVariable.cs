using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Bench.Runs;

/// <summary>Workflows of three states whose steps change a variable of a hundred characters.</summary>
internal static class ChangedVariable
{
    /// <summary>The history keeps its values.</summary>
    public const string Kept = "ValuesKept";

    /// <summary>The history does not keep its values.</summary>
    public const string NotKept = "ValuesNotKept";

    public static IReadOnlyList<WorkflowDefinition> Definitions { get; } =
    [Named(Kept).Build(), Named(NotKept).WithoutVariableHistory().Build()];

    private static WorkflowDefinitionBuilder Named(string name) =>
        WorkflowDefinitionBuilder
            .Named(name)
            .Description("Three states and a variable that changes")
            .Start(
                ThreeStates.First,
                static step => Change(step, 'a', ThreeStates.Second),
                goesTo: [ThreeStates.Second]
            )
            .State(ThreeStates.Second, static step => Change(step, 'b', ThreeStates.Last), goesTo: [ThreeStates.Last])
            .End(ThreeStates.Last);

    private static NextState Change(StepContext step, char letter, string target)
    {
        step.Variables.Set("text", new string(letter, 100));
        return NextState.GoTo(target);
    }
}
