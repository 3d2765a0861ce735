using GopherFlow.Authoring;
using GopherFlow.Hosting;

namespace GopherFlow.Demo.Tests;

public class DemoFamilyTests
{
    private static readonly (string, string) Speed = ("GFLOW_DEMO_SPEED", "20");

    [Fact]
    public async Task The_parent_ends_when_both_children_have_ended()
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.Real, Speed);
        var id = await engine.CreateAsync<DemoParentWorkflow>();

        var parent = await engine.WaitAsync(id);
        var children = await engine.ChildrenAsync(id);

        Assert.Equal((WorkflowStatus.Finished, DemoParentWorkflow.ParentFinish), (parent.Status, parent.State));
        Assert.Equal("2", Variables.Parse(parent.StateVars)["children_count"]);
        Assert.Equal([$"child-1-of-{id}", $"child-2-of-{id}"], children.Select(child => child.BusinessKey));
        Assert.Equal(
            ["Processed after 3 seconds", "Processed after 15 seconds"],
            children.Select(child => Variables.Parse(child.StateVars)["result"])
        );
        Assert.All(children, child => Assert.Equal(DemoChildWorkflow.ChildFinish, child.State));
        Assert.All(children, child => Assert.Equal(WorkflowStatus.Finished, child.Status));
    }

    /// <summary>Without the wake-up the parent would continue only after ten minutes, which is 30 seconds at this speed.</summary>
    [Fact]
    public async Task Each_child_wakes_the_parent_as_it_ends()
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.Real, Speed);
        var id = await engine.CreateAsync<DemoParentWorkflow>();

        var parent = await engine.WaitAsync(id);
        var history = await engine.HistoryAsync(id);

        Assert.InRange(parent.Finished!.Value - parent.Created, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(25));
        Assert.Equal(
            ["Spawned 2 child workflows", "Waiting for children: 1/2 complete", "All child workflows complete"],
            history
                .Where(entry => entry.StartsWith("LOG ", StringComparison.Ordinal))
                .Select(entry => entry.Split(": ", 2)[1])
        );
    }

    [Fact]
    public async Task The_history_of_a_child_has_its_log_lines()
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.Real, Speed);
        var id = await engine.CreateAsync<DemoChildWorkflow>();

        var child = await engine.WaitAsync(id);
        var history = await engine.HistoryAsync(id);

        Assert.Equal("Processed after 3 seconds", Variables.Parse(child.StateVars)["result"]);
        Assert.Equal(
            [
                "LOG ChildProcessing: Child workflow initialized",
                "LOG ChildWakeParent: Child workflow processed for 3 seconds",
                "LOG ChildFinish: Parent workflow awakened",
            ],
            history.Where(entry => entry.StartsWith("LOG ", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("soon")]
    public async Task An_invalid_sleep_time_fails_at_once(string sleepTime)
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.Real, Speed);

        var child = await engine.WaitAsync(await engine.CreateAsync<DemoChildWorkflow>(("sleepTime", sleepTime)));

        Assert.Equal((WorkflowStatus.Failed, nameof(DemoChildWorkflow.ChildProcessing)), (child.Status, child.State));
    }
}
