using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Which faults pass by themselves, and how a store that is already set up is opened again.</summary>
public sealed class FaultTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task An_ordinary_fault_is_not_transient(StoreKind kind)
    {
        var store = (await OpenAsync(kind)).Store;

        Assert.False(store.IsTransient(new InvalidOperationException("no")));
        Assert.False(store.IsTransient(new StoreSetupException("no")));
        Assert.False(store.IsTransient(new ArgumentException("no")));
        Assert.False(store.IsTransient(new OperationCanceledException()));
    }

    [Theory, OnEveryStore]
    public async Task What_one_store_commits_another_over_the_same_database_reads(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();

        var workflow = await scene.RunningAsync("order-1");
        Assert.Equal(workflow, await another.FindAsync(workflow.Id, Stop));

        var after = await scene.CommittedAsync(workflow.GoesTo("Pay") with { StateVars = """{"a":1}""" });
        Assert.Equal(after, await another.FindAsync(workflow.Id, Stop));
        Assert.Equal(await scene.Store.CountsAsync(Stop), await another.CountsAsync(Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_call_that_was_cancelled_beforehand_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            scene.Store.WriteAsync(
                new WriteBatch([A.Workflow("order-1")], [], scene.Executor, scene.Now),
                cancelled.Token
            )
        );

        Assert.Null(await scene.Store.FindByExternalIdAsync("order-1", Stop));
    }
}
