using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.SignalMachines;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Waiting for signals, on every store.</summary>
public sealed class SignalTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_state_waits_for_a_signal_and_takes_it_once(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        var waiting = await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        Assert.Equal(
            (WorkflowStatus.InProgress, engine.Clock.GetUtcNow() + ThreeDays, "Remind"),
            (waiting.Status, waiting.NextActivation, waiting.DeadlineState)
        );

        var sent = await engine.Signals.SendAsync(Paid(id, 42), Stop);

        Assert.Equal((OperationVerdict.Changed, id), (sent.Verdict, Assert.Single(sent.WorkflowIds)));
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"paid":"42"}""", done.StateVars);
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        Assert.Equal(
            [
                "CREATED Bill: Created",
                "TRANSITION Bill: From Bill to Ship",
                "SCHEDULE_ACTIVATION Ship: when signalled: paid, or Remind at 2026-01-04T00:00:00Z",
                "SIGNAL paid: Signal paid (by ann)",
                "SIGNAL_TAKEN paid: Signal paid taken",
                "TRANSITION Ship: From Ship to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
        Assert.Equal(OperationVerdict.Conflict, (await engine.Signals.SendAsync(Paid(id, 1), Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_that_arrives_before_the_wait_is_kept(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Order(before: TimeSpan.FromHours(1)))
        );
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Signals.SendAsync(Paid(id, 7), Stop);
        Assert.Equal("paid", Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(id), Stop)).Name);
        engine.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("""{"paid":"7"}""", (await engine.UntilAsync(id, WorkflowStatus.Finished)).StateVars);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_signal_with_a_key_counts_once(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Order(before: TimeSpan.FromHours(1)))
        );
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        var payment = Paid(id, 7) with { Key = "payment-1" };

        await engine.Signals.SendAsync(payment, Stop);
        var again = await engine.Signals.SendAsync(payment, Stop);

        Assert.Equal(OperationVerdict.Changed, again.Verdict);
        Assert.Single(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        engine.Clock.Advance(TimeSpan.FromHours(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(payment, Stop)).Verdict);
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_first_of_several_signals_is_taken_and_the_others_are_kept(StoreKind kind)
    {
        var received = new List<string>();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start("Wait", _ => NextState.WaitFor("yes", "no").Then("Heard"), ["Heard"])
                        .State("Heard", Hear, ["Heard", "Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        foreach (var name in (string[])["other", "no", "no"])
        {
            await engine.Signals.SendAsync(
                new()
                {
                    WorkflowId = id,
                    Name = name,
                    Actor = "ann",
                },
                Stop
            );
        }

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(["no", "no"], received);

        NextState Hear(StepContext step)
        {
            received.Add(step.Signal!.Name);
            return received.Count < 2 ? NextState.WaitFor("no").Then("Heard") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_number_of_kept_signals_is_limited(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Approval()),
            new EngineOptions { SignalsLimit = 2 }
        );
        var id = await engine.CreateAsync("Approval");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(Paid(id, 1), Stop)).Verdict);
        Assert.Equal(OperationVerdict.Changed, (await engine.Signals.SendAsync(Paid(id, 2), Stop)).Verdict);
        Assert.Equal(OperationVerdict.Conflict, (await engine.Signals.SendAsync(Paid(id, 3), Stop)).Verdict);

        Assert.Equal(2, (await engine.Store.SignalsAsync(new SignalSearch(id), Stop)).Count);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_person_may_wait_behind_a_signal(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .Start(
                            "Wait",
                            _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Late").Then("Check"),
                            ["Check", "Late"]
                        )
                        .Manual("Check", "Done")
                        .End("Late")
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Signals.SendAsync(Paid(id, 1), Stop);
        var waiting = await engine.UntilAsync(id, WorkflowStatus.Waiting);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal((null, null, null), (waiting.AwaitedSignals, waiting.KeptSignals, waiting.DeadlineState));
        Assert.Empty(await engine.Store.SignalsAsync(new SignalSearch(id), Stop));
        Assert.Contains("SIGNAL_TAKEN paid: Signal paid taken", await engine.HistoryAsync(id));
        Assert.Equal(WorkflowStatus.Waiting, (await engine.FindAsync(id)).Status);
    }
}
