using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Cancelling a workflow, on every store.</summary>
public sealed class CancelTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_cancels_the_token_of_the_running_step_and_drops_it(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        var result = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Work", WorkflowStatus.Cancelled), result.Workflow);
        await work.Cancelled;
        await engine.StopAsync();
        var cancelled = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, "Work"), (cancelled.Status, cancelled.State));
        Assert.NotNull(cancelled.Finished);
        Assert.Equal(["CREATED Work: Created", "CANCELLED Work: Cancelled (by ann)"], await engine.HistoryAsync(id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_cancelled_by_another_process_gets_its_token_cancelled_at_the_next_poll(StoreKind kind)
    {
        var work = new Work();
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        await using var other = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("Other"))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        await other.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        clock.Advance(new EngineOptions().StuckWorkflowsInterval);

        await work.Cancelled;
        Assert.Equal(WorkflowStatus.Cancelled, (await engine.FindAsync(id)).Status);
    }
}
