namespace GopherFlow.Testing.Tests;

/// <summary>Rate and concurrency limits on the test clock.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_rate_limit_admits_more_runs_when_the_clock_advances()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Mail")
                .RateLimit(2, Per.Minute)
                .Start("Send", _ => GoTo("Sent"), ["Sent"])
                .End("Sent")
                .Build()
        );
        var runs = new List<FlowRun>();
        for (var number = 0; number < 5; number++)
        {
            runs.Add(await flow.StartAsync());
        }

        Assert.Equal(2, runs.Count(run => run.State == "Sent"));
        flow.Advance(minutes: 2);
        Assert.Equal(5, runs.Count(run => run.State == "Sent"));
    }

    [Fact]
    public async Task A_concurrency_limit_of_one_runs_one_at_a_time()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Ship")
                .Concurrency(1)
                .Start("Load", _ => GoTo("Loaded"), ["Loaded"])
                .End("Loaded")
                .Build()
        );
        var hold = flow.HoldAt("Load");
        var first = await flow.StartAsync();
        var second = await flow.StartAsync();
        first.AssertState("Load");
        second.AssertState("Load");

        hold.Release();
        await flow.SettleAsync();

        first.AssertState("Loaded");
        second.AssertState("Loaded");
    }
}
