using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Deleting workflows, on every store.</summary>
public sealed class DeleteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Only_final_workflows_are_deleted_and_nothing_remains(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"a":"1"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Changed, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);

        Assert.Null(await engine.Store.FindAsync(id, Stop));
        Assert.Empty(await engine.Store.ActionsAsync(new ActionSearch(id, 10), Stop));
        Assert.DoesNotContain(await engine.Store.CountsAsync(Stop), count => count.Count > 0);
        Assert.Equal(OperationVerdict.NotFound, (await engine.Interventions.DeleteAsync(id, "ann", Stop)).Verdict);
        var next = await engine.CreateAsync("W");
        Assert.NotEqual(id, next);
    }
}
