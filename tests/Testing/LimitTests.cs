namespace GopherFlow.Testing.Tests;

/// <summary>Limits by the clock of the test.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_rate_lets_the_next_begin_when_the_clock_is_turned()
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
    public async Task One_of_a_key_runs_at_a_time()
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
