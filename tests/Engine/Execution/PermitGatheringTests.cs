using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Permits that are given back soon after each other are granted in one transaction.</summary>
public sealed class PermitGatheringTests
{
    private const string Hold = "hold";

    /// <summary>While some wait, the granter looks at least at this interval, in milliseconds.</summary>
    private const int BetweenLooks = 500;

    [Theory]
    [InlineData(450, 70)]
    [InlineData(4_900, 80)]
    [InlineData(200, 20)]
    public async Task The_next_permit_is_granted_when_a_fifth_of_that_time_is_over_or_a_tenth_of_a_second(
        int held,
        int milliseconds
    )
    {
        await using var engine = await StartAsync();
        var (one, other, next) = (held, held + 20, held + 1000);
        await StartAsync(engine, one);
        await StartAsync(engine, other);
        await engine.CreateAsync("W", "c", Holding(next));
        var last = await engine.CreateAsync("W", "d", Holding(next + 1));

        for (var left = one; left > 0; left -= BetweenLooks)
        {
            await engine.Clock.AwaitedAsync(TimeSpan.FromMilliseconds(BetweenLooks));
            engine.Clock.Advance(TimeSpan.FromMilliseconds(int.Min(left, BetweenLooks)));
        }

        await BegunAsync(engine, next);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(20));

        await engine.Clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(milliseconds));
        await BegunAsync(engine, next + 1);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(next + 1));
        await engine.UntilAsync(last, WorkflowStatus.Finished);
    }

    [Fact]
    public async Task A_hold_that_ends_while_nobody_waits_is_noticed()
    {
        await using var engine = await StartAsync();
        await StartAsync(engine, hold: 450);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(450));
        await engine.RestAsync();

        await StartAsync(engine, hold: 30);
        await StartAsync(engine, hold: 1010);
        await engine.Clock.AwaitedAsync(TimeSpan.FromMilliseconds(BetweenLooks));
        var next = await engine.CreateAsync("W", "next", Holding(1020));
        engine.Clock.Advance(TimeSpan.FromMilliseconds(30));

        // The first was held for 450 ms: the permit that is free now is granted a fifth of that after the last look, which is 30 ms ago.
        await engine.Clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(60));
        await BegunAsync(engine, hold: 1020);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1020));
        await engine.UntilAsync(next, WorkflowStatus.Finished);
    }

    private static Task<EngineHarness> StartAsync() =>
        EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration =>
                registration.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Description("holds its permit for some time")
                        .Concurrency(2)
                        .Start(
                            "Work",
                            static async step =>
                            {
                                await Task.Delay(
                                    TimeSpan.FromMilliseconds(step.Variables.Get<int>(Hold)),
                                    step.Clock,
                                    step.Cancellation
                                );
                                return NextState.GoTo("Done");
                            },
                            goesTo: ["Done"]
                        )
                        .End("Done")
                        .Build()
                )
        );

    private static async Task StartAsync(EngineHarness engine, int hold)
    {
        await engine.CreateAsync("W", $"{hold}", Holding(hold));
        await BegunAsync(engine, hold);
    }

    private static Variables Holding(int hold)
    {
        var variables = new Variables();
        variables.Set(Hold, hold);
        return variables;
    }

    private static Task BegunAsync(EngineHarness engine, int hold) =>
        engine.Clock.BegunAsync(TimeSpan.FromMilliseconds(hold));
}
