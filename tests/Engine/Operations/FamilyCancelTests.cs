using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.Families;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Cancelling a workflow together with its children, on every store.</summary>
public sealed class FamilyCancelTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_cancel_with_children_does_not_end_the_clean_up_of_a_child(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(Parent())
                    .AddDefinition(
                        WorkflowDefinitionBuilder
                            .Named("Sleeper")
                            .OnCancel("Undo")
                            .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                            .State("Undo", _ => NextState.GoTo("Undone").After(TimeSpan.FromDays(1)), ["Undone"])
                            .End("Done")
                            .Error("Undone")
                            .Build()
                    )
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);
        var children = await engine.Store.ChildrenAsync(new ChildSearch(id), Stop);
        await engine.Interventions.CancelAsync(new() { WorkflowId = children[0].Id, Actor = "ann" }, Stop);

        var first = await engine.Interventions.CancelAsync(WithChildren(id), Stop);
        var second = await engine.Interventions.CancelAsync(WithChildren(id), Stop);

        Assert.Equal((2, 0), (first.Descendants, second.Descendants));
        Assert.Equal(OperationVerdict.Conflict, second.Workflow.Verdict);
        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(id), Stop))
        {
            Assert.True(child.IsCleaningUp);
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_includes_children_on_request(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        var result = await engine.Interventions.CancelAsync(WithChildren(id), Stop);

        Assert.Equal(3, result.Descendants);
        Assert.All(
            await engine.Store.ChildrenAsync(new ChildSearch(id), Stop),
            child => Assert.Equal(WorkflowStatus.Cancelled, child.Status)
        );
        Assert.Equal(0, (await engine.FindAsync(id)).OpenChildren);
    }

    [Fact]
    public async Task A_caller_that_disconnects_leaves_no_child_uncancelled()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        using var caller = new CancellationTokenSource();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (batch, write) =>
            {
                var result = await write();
                if (batch.Events.Any(each => each.Event is Cancelled))
                {
                    await caller.CancelAsync();
                }

                return result;
            },
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper()),
            wrapped: intercepted
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        var result = await engine.Interventions.CancelAsync(WithChildren(id), caller.Token);

        Assert.Equal(3, result.Descendants);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Children_can_be_cancelled_after_their_parent_was(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);

        var again = await engine.Interventions.CancelAsync(WithChildren(id), Stop);
        Assert.Equal((OperationVerdict.Changed, 3), (again.Workflow.Verdict, again.Descendants));
        var third = await engine.Interventions.CancelAsync(WithChildren(id), Stop);
        Assert.Equal((OperationVerdict.Conflict, 0), (third.Workflow.Verdict, third.Descendants));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_cancelled_child_counts_as_ended_for_its_parent(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);

        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(id), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    private static CancelWorkflow WithChildren(long id) =>
        new()
        {
            WorkflowId = id,
            Children = true,
            Actor = "ann",
        };
}
