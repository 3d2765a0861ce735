using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.SignalMachines;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>The signal that a step gets after a failure or a pause, on every store.</summary>
public sealed class SignalRedeliveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_fails_gets_the_same_signal_again(StoreKind kind)
    {
        var amounts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Retry(RetryPolicy.Linear(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
                        .Start(
                            "Wait",
                            _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Done").Then("Ship"),
                            ["Ship", "Done"]
                        )
                        .State("Ship", Ship, ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 5), Stop);
        var failed = await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);
        Assert.Equal("InvalidOperationException: broken", failed.LastError);

        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([5, 5], amounts);
        Assert.Null(done.LastError);

        NextState Ship(StepContext step)
        {
            amounts.Add(step.Signal!.Get<Payment>().Amount);
            return amounts.Count == 1 ? throw new InvalidOperationException("broken") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_failed_permanently_gets_the_same_signal_when_retried(StoreKind kind)
    {
        var amounts = new List<int>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start("Wait", _ => NextState.WaitFor("paid").Then("Ship"), ["Ship"])
                        .State("Ship", Ship, ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 5), Stop);
        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);
        var kept = await engine.Store.SignalsAsync(new SignalSearch(id), Stop);

        await engine.Interventions.RetryAsync(id, "ann", Stop);

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([5, 5], amounts);
        Assert.Equal(("paid", "paid"), (Assert.Single(kept).Name, failed.KeptSignals?.ToString()));
        Assert.Equal((null, null), (done.AwaitedSignals, done.KeptSignals));
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));

        NextState Ship(StepContext step)
        {
            amounts.Add(step.Signal!.Get<Payment>().Amount);
            return amounts.Count == 1 ? throw new NotRetryableException("broken") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_paused_workflow_gets_its_signal_when_resumed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Signals.SendAsync(Paid(id, 1), Stop);
        engine.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);

        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }
}
