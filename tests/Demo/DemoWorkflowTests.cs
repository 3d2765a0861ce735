using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Storage;

namespace GopherFlow.Demo.Tests;

public class DemoWorkflowTests
{
    [Fact]
    public async Task A_finished_run_has_its_three_variables()
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.Real, ("GFLOW_DEMO_SPEED", "1000"));

        var workflow = await engine.WaitAsync(await engine.CreateAsync<DemoWorkflow>());

        var variables = Variables.Parse(workflow.StateVars);
        Assert.Equal((WorkflowStatus.Finished, DemoWorkflow.Finish), (workflow.Status, workflow.State));
        Assert.Equal(["age", "name", "enrollment"], variables.Names);
        Assert.Equal(("33", "Julian2"), (variables["age"], variables["name"]));
        Assert.Equal(new DemoWorkflow.Enrollment("Julian", 33), variables.Get<DemoWorkflow.Enrollment>("enrollment"));
    }

    [Fact]
    public async Task The_demo_waits_five_minutes_and_then_half_a_minute()
    {
        await using var engine = await DemoEngine.StartAsync(EngineClocks.TurnedBy(new FastClock(100)));
        using var changes = engine.Feed.Subscribe();
        var id = await engine.CreateAsync<DemoWorkflow>();

        var review = await ParkedBefore(changes, nameof(DemoWorkflow.Review));
        var approve = await ParkedBefore(changes, nameof(DemoWorkflow.Approve));
        var workflow = await engine.WaitAsync(id);

        var halfAMinute = TimeSpan.FromSeconds(30);
        Assert.InRange(review.NextActivation!.Value - review.Modified, 8 * halfAMinute, 10 * halfAMinute);
        Assert.True(approve.NextActivation - review.NextActivation >= halfAMinute);
        Assert.True(approve.NextActivation - approve.Modified <= halfAMinute);
        Assert.True(workflow.Finished >= approve.NextActivation);
    }

    private static async Task<WorkflowChange> ParkedBefore(ChangeSubscription changes, string state)
    {
        await foreach (var change in ChangesOf(changes))
        {
            if (change.State == state && change.NextActivation is not null)
            {
                return change;
            }
        }

        throw new InvalidOperationException("The feed ended.");
    }

    private static async IAsyncEnumerable<WorkflowChange> ChangesOf(ChangeSubscription changes)
    {
        while (true)
        {
            if (await changes.ReadAsync(TestContext.Current.CancellationToken) is FeedItem.Batch batch)
            {
                foreach (var change in batch.Changes)
                {
                    yield return change;
                }
            }
        }
    }
}
