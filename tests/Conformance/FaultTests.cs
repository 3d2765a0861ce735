using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Transient errors, and opening a store that is already set up.</summary>
public sealed class FaultTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task An_ordinary_exception_is_not_transient(StoreKind kind)
    {
        var store = (await OpenAsync(kind)).Store;

        Assert.False(store.IsTransient(new InvalidOperationException("no")));
        Assert.False(store.IsTransient(new StoreSetupException("no")));
        Assert.False(store.IsTransient(new ArgumentException("no")));
        Assert.False(store.IsTransient(new OperationCanceledException()));
    }

    [Theory, OnEveryStore]
    public async Task A_second_store_over_the_same_database_reads_what_the_first_committed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();

        var workflow = await scene.RunningAsync("order-1");
        Assert.Equal(workflow, await another.FindAsync(workflow.Id, Stop));

        var after = await scene.CommittedAsync(workflow.GoesTo("Pay") with { StateVars = """{"a":1}""" });
        Assert.Equal(after, await another.FindAsync(workflow.Id, Stop));
        Assert.Equal(await scene.Store.CountsAsync(Stop), await another.CountsAsync(Stop));
    }
}
