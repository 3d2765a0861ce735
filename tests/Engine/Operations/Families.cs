using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>A parent that waits for three children, which sleep for a day.</summary>
internal static class Families
{
    public static WorkflowDefinition Parent() =>
        WorkflowDefinitionBuilder
            .Named("Parent")
            .Start(
                "Spawn",
                _ =>
                    NextState
                        .GoTo("Join")
                        .Spawn(Enumerable.Range(0, 3).Select(number => new ChildRequest("Sleeper", $"{number}")))
                        .WhenChildrenFinished(),
                ["Join"]
            )
            .State("Join", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

    public static WorkflowDefinition Sleeper() =>
        Machines.OneState("Sleeper", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)));
}
