using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>A workflow that loops without ever waiting.</summary>
public sealed class EndlessLoopTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_loop_fails_at_the_step_limit_and_its_history_says_why(StoreKind kind)
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => Round(++runs))),
            new EngineOptions { StepsWithoutWait = 10 }
        );

        var failed = await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Failed);

        Assert.Equal((10, 10), (runs, failed.Step));
        Assert.StartsWith(
            "FAILED Work: Made 10 steps without waiting",
            (await engine.HistoryAsync(failed.Id))[^1],
            StringComparison.Ordinal
        );

        static NextState Round(int _) => NextState.GoTo("Work");
    }

    [Fact]
    public async Task A_loop_that_sometimes_waits_continues()
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => Round(++runs))),
            new EngineOptions { StepsWithoutWait = 10 }
        );

        var id = await engine.CreateAsync("W");
        await engine.TurnUntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.Equal(40, runs);

        static NextState Round(int run) =>
            run == 40 ? NextState.GoTo("Done")
            : run % 8 == 0 ? NextState.GoTo("Work").After(TimeSpan.FromMilliseconds(100))
            : NextState.GoTo("Work");
    }

    [Fact]
    public async Task Without_a_limit_a_loop_continues()
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo(++runs < 2000 ? "Work" : "Done"))),
            new EngineOptions { StepsWithoutWait = 0 }
        );

        await engine.UntilAsync(await engine.CreateAsync("W"), WorkflowStatus.Finished);
    }
}
