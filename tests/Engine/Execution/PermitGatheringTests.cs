using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Permits released shortly after each other are granted in one transaction.</summary>
public sealed class PermitGatheringTests
{
    private const string Hold = "hold";

    /// <summary>The longest interval, in milliseconds, at which the granter polls while workflows wait for permits.</summary>
    private const int PollMilliseconds = 500;

    [Theory]
    [InlineData(450, 70)]
    [InlineData(4_900, 80)]
    [InlineData(200, 20)]
    public async Task The_next_permit_is_granted_after_a_fifth_of_the_hold_time_or_100_ms(int held, int milliseconds)
    {
        await using var engine = await StartAsync();
        var (one, other, next) = (held, held + 20, held + 1000);
        await StartAsync(engine, one);
        await StartAsync(engine, other);
        await engine.CreateAsync("W", "c", Holding(next));
        var last = await engine.CreateAsync("W", "d", Holding(next + 1));

        for (var left = one; left > 0; left -= PollMilliseconds)
        {
            await engine.Clock.AwaitedAsync(TimeSpan.FromMilliseconds(PollMilliseconds));
            engine.Clock.Advance(TimeSpan.FromMilliseconds(int.Min(left, PollMilliseconds)));
        }

        await BegunAsync(engine, next);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(20));

        await engine.Clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(milliseconds));
        await BegunAsync(engine, next + 1);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(next + 1));
        await engine.UntilAsync(last, WorkflowStatus.Finished);
    }

    [Fact]
    public async Task A_hold_that_ends_while_nothing_waits_is_measured()
    {
        await using var engine = await StartAsync();
        await StartAsync(engine, hold: 450);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(450));
        await engine.RestAsync();

        await StartAsync(engine, hold: 30);
        await StartAsync(engine, hold: 1010);
        await engine.Clock.AwaitedAsync(TimeSpan.FromMilliseconds(PollMilliseconds));
        var next = await engine.CreateAsync("W", "next", Holding(1020));
        engine.Clock.Advance(TimeSpan.FromMilliseconds(30));

        // The first permit was held for 450 ms. The free one is granted a fifth of that (90 ms) after the last poll, which was 30 ms ago.
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
