using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>
/// Creates two children and waits until both have finished. The children wake it. The ten minutes are only a fallback in case they do
/// not. (<see cref="NextState.WhenChildrenFinished"/> does the same in a single call.)
/// </summary>
[Workflow("DemoParentWorkflow", "Demo parent workflow that spawns and coordinates child workflows")]
public sealed class DemoParentWorkflow(DemoSettings settings) : Workflow
{
    /// <summary>The final state.</summary>
    [End]
    public const string ParentFinish = "ParentFinish";

    private const string ChildrenCount = "children_count";
    private const int DefaultChildren = 2;

    private TimeSpan LongestSleep => settings.Scaled(TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    /// <summary>Goes to the next state at once.</summary>
    [Start, GoesTo(nameof(ParentSpawnChildren))]
    public NextState ParentInit() => GoTo(nameof(ParentSpawnChildren));

    /// <summary>Creates the two children in the transaction that commits this step.</summary>
    [State, GoesTo(nameof(ParentWaitForChildren))]
    public NextState ParentSpawnChildren()
    {
        Variables[ChildrenCount] = "2";
        return GoTo(nameof(ParentWaitForChildren))
            .Spawn(Child(1, sleepTime: "3"))
            .Spawn(Child(2, sleepTime: "15"))
            .Log("Spawned 2 child workflows")
            .After(LongestSleep);
    }

    /// <summary>Runs when a child wakes it. Finishes when all children have finished, otherwise keeps waiting.</summary>
    [State, GoesTo(ParentFinish, nameof(ParentWaitForChildren))]
    public async Task<NextState> ParentWaitForChildren()
    {
        var children = await Step.GetChildrenAsync();
        var complete = children.Count(child => child.Status == WorkflowStatus.Finished);
        var expected = ExpectedChildren();
        return complete < expected
            ? GoTo(nameof(ParentWaitForChildren))
                .Log($"Waiting for children: {complete}/{expected} complete")
                .After(LongestSleep)
            : GoTo(ParentFinish).Log("All child workflows complete");
    }

    private ChildRequest Child(int number, string sleepTime) =>
        new ChildRequest("DemoChildWorkflow", $"child-{number}-of-{Step.WorkflowId}").With("sleepTime", sleepTime);

    private int ExpectedChildren() =>
        int.TryParse(Variables[ChildrenCount], CultureInfo.InvariantCulture, out var count) ? count : DefaultChildren;
}
