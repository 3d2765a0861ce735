using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GopherFlow.Testing.Tests;

/// <summary>A test can use its own clock.</summary>
public sealed class ClockTests
{
    private static readonly DateTimeOffset Start = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_engine_follows_a_clock_that_the_test_advances()
    {
        var clock = new FakeTimeProvider(Start);
        await using var flow = await StartAsync(plan => plan.UseClock(clock));
        var run = await flow.StartAsync(new Order("pen", 2.5m));
        run.AssertState("Thank");

        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMilliseconds(1));
        await flow.SettleAsync();
        run.AssertState("Thank");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await run.UntilAsync("Done");

        Assert.Equal(Start.AddDays(2), flow.Now);
    }

    [Fact]
    public async Task Waits_are_not_skipped_on_the_clock_of_the_test()
    {
        await using var flow = await StartAsync(plan => plan.UseClock(new FakeTimeProvider(Start)));
        var run = await flow.StartAsync(new Order("pen", 2.5m));

        await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());
        Assert.Throws<InvalidOperationException>(() => flow.Advance(days: 2));
    }

    [Fact]
    public async Task A_jump_longer_than_the_lease_is_harmless()
    {
        var clock = new FakeTimeProvider(Start);
        await using var flow = await StartAsync(plan => plan.UseClock(clock));
        var run = await flow.StartAsync(new Order("pen", 2.5m));

        clock.Advance(TimeSpan.FromDays(400));
        await flow.SettleAsync();

        run.AssertState("Done");
        clock.Advance(TimeSpan.FromDays(400));
        (await flow.StartAsync(new Order("ink", 1))).AssertState("Thank");
    }

    [Fact]
    public async Task A_test_can_set_its_start_time()
    {
        await using var flow = await StartAsync(plan => plan.StartAt(Start));

        Assert.Equal(Start, flow.Now);
        Assert.Equal(Start, flow.Services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    [Fact]
    public async Task A_function_can_wait_on_the_clock_of_the_test()
    {
        var clock = new FakeTimeProvider(Start);
        await using var flow = await FlowTest.With(plan =>
            plan.UseClock(clock)
                .AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Slow")
                        .Start(
                            "Begin",
                            async step =>
                            {
                                await Task.Delay(TimeSpan.FromMinutes(1), step.Clock, step.Cancellation);
                                return GoTo("Done");
                            },
                            ["Done"]
                        )
                        .End("Done")
                        .Build()
                )
        );
        var run = await flow.StartAsync();
        run.AssertState("Begin");

        clock.Advance(TimeSpan.FromMinutes(1));
        await run.EndAsync("Done");
    }

    private static Task<FlowTest> StartAsync(Func<FlowTestBuilder, FlowTestBuilder> plan) =>
        FlowTest.With(flow =>
            plan(flow.AddWorkflow<Orders>().Services(services => services.AddSingleton<IPayments>(new Payments())))
        );
}
