using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.SignalMachines;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Waits with a deadline: for a signal, for a person, and for children, on every store.</summary>
public sealed class DeadlineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Without_a_signal_in_time_the_workflow_goes_to_the_deadline_state(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);

        engine.Clock.Advance(ThreeDays);

        var reminded = await engine.UntilAsync(id, WorkflowStatus.Waiting);
        Assert.Equal(
            ("Remind", null, null, null),
            (reminded.State, reminded.AwaitedSignals, reminded.DeadlineState, reminded.NextActivation)
        );
        Assert.Contains("DEADLINE Ship: From Ship to Remind", await engine.HistoryAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_deadline_that_passed_during_a_pause_applies_on_resume(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Order()));
        var id = await engine.CreateAsync("Order");
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        engine.Clock.Advance(TimeSpan.FromDays(10));

        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal("Remind", (await engine.UntilAsync(id, WorkflowStatus.Waiting)).State);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_manual_state_waits_until_its_deadline(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Approval()));
        var late = await engine.CreateAsync("Approval", "late");
        var early = await engine.CreateAsync("Approval", "early");
        var waiting = await engine.UntilAsync(late, WorkflowStatus.Waiting);
        await engine.UntilAsync(early, WorkflowStatus.Waiting);
        Assert.Equal(engine.Clock.GetUtcNow() + ThreeDays, waiting.NextActivation);

        await engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = early,
                State = "Approved",
                Actor = "ann",
            },
            Stop
        );
        engine.Clock.Advance(ThreeDays);

        Assert.Equal("Escalated", (await engine.UntilAsync(late, WorkflowStatus.Finished)).State);
        Assert.Equal("Approved", (await engine.FindAsync(early)).State);
        Assert.Contains("DEADLINE Ask: From Ask to Escalated", await engine.HistoryAsync(late));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_join_waits_until_its_deadline(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                        WorkflowDefinitionBuilder
                            .Named("Parent")
                            .Start(
                                "Spawn",
                                step =>
                                    NextState
                                        .GoTo("Join")
                                        .Spawn(new ChildRequest(step.BusinessKey == "test" ? "Slow" : "", "child"))
                                        .WhenChildrenFinished()
                                        .OrAfter(ThreeDays, "Late"),
                                ["Join", "Late"]
                            )
                            .State("Join", _ => NextState.GoTo("Done"), ["Done"])
                            .State("Late", _ => NextState.GoTo("Done"), ["Done"])
                            .End("Done")
                            .Build()
                    )
                    .AddDefinition(Machines.OneState("Slow", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(5))))
        );
        var late = await engine.CreateAsync("Parent", "late");
        var early = await engine.CreateAsync("Parent", "early");
        await engine.UntilAsync(late, workflow => workflow.AwaitsChildren);
        await engine.UntilAsync(early, workflow => workflow.AwaitsChildren);

        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(early), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        await engine.UntilAsync(early, WorkflowStatus.Finished);
        engine.Clock.Advance(ThreeDays);
        await engine.UntilAsync(late, WorkflowStatus.Finished);

        Assert.Contains("DEADLINE Join: From Join to Late", await engine.HistoryAsync(late));
        Assert.DoesNotContain(
            await engine.HistoryAsync(early),
            entry => entry.StartsWith("DEADLINE", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_deadline_state_must_be_declared()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", _ => NextState.WaitFor("paid").OrAfter(ThreeDays, "Nowhere").Then("Done"))
                )
        );
        var id = await engine.CreateAsync("W");

        var ended = await engine.UntilAsync(id, WorkflowStatus.Error);

        Assert.Equal(
            "Invalid Transition: 'Work' may go to Work, Done, Ask, Bad, but asked for 'Nowhere'",
            ended.LastError
        );
    }
}
