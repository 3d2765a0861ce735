using GopherFlow.Authoring;
using GopherFlow.Ordering;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Demo.Tests;

public sealed class PlainOrderTests
{
    [Fact]
    public async Task Orders_written_with_state_names_run_through_all_paths()
    {
        var order = new Order("ada", 5000, [.. Enumerable.Range(1, 50).Select(number => $"pen {number}")]);
        var bread = """{"customer":"bob","total":4,"articles":["bread"]}""";
        await using var flow = await FlowTest.With(plan =>
            plan.AddWorkflow<PlainOrders>()
                .AddWorkflow<Packages>()
                .Services(services => services.AddSingleton<IShop, PaperShop>())
                .AddSchedule<PlainOrders>("bread", "0 7 5 * *", schedule => schedule with { StateVars = bread })
        );
        FlowRun[] runs = [await flow.StartAsync(order), await flow.StartAsync(order), await flow.StartAsync(order)];
        flow.FailAt("Ship", attempt: 1, new NotRetryableException("the lorry is gone"));
        foreach (var run in runs[1..])
        {
            await run.SignalAsync(new Decision(true));
            await run.SignalAsync("paid", new Payment(5000));
        }

        flow.Advance(days: 5);

        runs[0].AssertPath("Reserve", "Approval", "GiveUp", "Release", "Cancelled");
        runs[1].AssertPath("Reserve", "Approval", "Bill", "Pack", "Ship", "GiveUp", "Refund", "Release", "Cancelled");
        runs[2].AssertPath("Reserve", "Approval", "Bill", "Pack", "Ship", "Shipped");
        runs[2].AssertResult(new Receipt("ada", 5000, runs[2].Children.Sum(package => package.Result<int>())));
        Assert.Equal([0, 50, 50], runs.Select(run => run.Children.Count));
        Assert.Single(flow.Runs, run => run.BusinessKey == "bread").AssertState("Pack");
    }
}
