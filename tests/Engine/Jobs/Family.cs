using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>A workflow with children that have children.</summary>
internal static class Family
{
    public const int Children = 3;

    public const int Grandchildren = 2;

    public static WorkflowDefinition Parent() => Splits("Parent", "Child", Children);

    public static WorkflowDefinition Child() => Splits("Child", "Leaf", Grandchildren);

    public static WorkflowDefinition Leaf() =>
        WorkflowDefinitionBuilder
            .Named("Leaf")
            .Start("Sleep", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(365)), ["Done"])
            .End("Done")
            .Build();

    private static WorkflowDefinition Splits(string name, string child, int count) =>
        WorkflowDefinitionBuilder
            .Named(name)
            .Start(
                "Split",
                step =>
                    NextState
                        .GoTo("Join")
                        .Spawn(
                            Enumerable
                                .Range(0, count)
                                .Select(number => new ChildRequest(child, $"{step.WorkflowId} {number}"))
                        )
                        .WhenChildrenFinished(),
                ["Join"]
            )
            .State("Join", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();
}
