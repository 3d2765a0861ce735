using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.Families;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Changing the priority and the executor group of a workflow, on every store.</summary>
public sealed class PlaceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Priority_and_group_can_change_while_a_workflow_is_unfinished(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Sleeper()));
        var id = await engine.CreateAsync("Sleeper");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        var request = new PlaceWorkflow
        {
            WorkflowId = id,
            Priority = 1,
            ExecutorGroup = "night",
            Actor = "ann",
        };

        await engine.Interventions.PlaceAsync(request, Stop);

        var placed = await engine.FindAsync(id);
        Assert.Equal((1, "night"), (placed.Priority, placed.ExecutorGroup));
        Assert.Equal("LOG Done: Priority 1, executor group night (by ann)", (await engine.HistoryAsync(id))[^1]);
        await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.PlaceAsync(request with { Priority = 10 }, Stop)
        );
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.PlaceAsync(request, Stop)).Verdict);
    }
}
