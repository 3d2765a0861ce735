using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Moving a workflow to another state by hand, on every store.</summary>
public sealed class ManualMoveTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_person_can_only_take_declared_transitions_unless_forced(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        var move = new MoveWorkflow
        {
            WorkflowId = id,
            State = "Bad",
            Actor = "ann",
        };

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.MoveAsync(move, Stop)
        );
        Assert.Equal("state: expected a state that 'Ask' goes to: Work, Done, but got 'Bad'.", fault.Message);
        await engine.Interventions.MoveAsync(move with { Force = true }, Stop);

        Assert.Equal(WorkflowStatus.Error, (await engine.FindAsync(id)).Status);
        Assert.Equal("LOG Ask: User Manually Changed State :Bad (by ann, forced)", (await engine.HistoryAsync(id))[^1]);
    }
}
