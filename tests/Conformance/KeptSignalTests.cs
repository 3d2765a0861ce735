using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Reading the signals kept for a workflow.</summary>
public sealed class KeptSignalTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Signals_are_paged_oldest_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (workflow, _) = await WithSignalsAsync(scene);

        var first = await scene.Store.SignalsAsync(new SignalSearch(workflow.Id) { Limit = 2 }, Stop);
        var second = await scene.Store.SignalsAsync(
            new SignalSearch(workflow.Id) { Limit = 2, AfterId = first[^1].Id },
            Stop
        );

        Assert.Equal(["a", "b"], first.Select(signal => signal.Key));
        Assert.Equal(["c"], second.Select(signal => signal.Key));
    }

    [Theory, OnEveryStore]
    public async Task Payloads_above_the_requested_size_are_omitted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("one");
        foreach (var payload in (string[])["\"é\"", "\"éé\""])
        {
            await scene.HappensAsync(workflow.Id, new Signalled(new NewSignal("paid", Key: null, payload), "ann"));
        }

        Assert.Equal(["\"é\"", ""], await PayloadsAsync(4));
        Assert.Equal(["\"é\"", "\"éé\""], await PayloadsAsync(6));

        async Task<IEnumerable<string>> PayloadsAsync(int largest) =>
            (await scene.Store.SignalsAsync(new SignalSearch(workflow.Id) { LargestValue = largest }, Stop)).Select(
                signal => signal.Payload
            );
    }

    [Theory, OnEveryStore]
    public async Task The_oldest_signal_of_a_name_is_found(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (workflow, other) = await WithSignalsAsync(scene);

        Assert.Equal("b", (await scene.Store.OldestSignalAsync(workflow.Id, "shipped", Stop))?.Key);
        Assert.Equal("d", (await scene.Store.OldestSignalAsync(other.Id, "shipped", Stop))?.Key);
        Assert.Null(await scene.Store.OldestSignalAsync(workflow.Id, "Shipped", Stop));
        Assert.Null(await scene.Store.OldestSignalAsync(other.Id, "paid", Stop));

        await scene.HappensAsync(workflow.Id, new Cancelled("ann"));
        Assert.Null(await scene.Store.OldestSignalAsync(workflow.Id, "shipped", Stop));
    }

    private static async Task<(WorkflowRecord Workflow, WorkflowRecord Other)> WithSignalsAsync(Scene scene)
    {
        var (workflow, other) = (await scene.CreatedAsync("one"), await scene.CreatedAsync("other"));
        await scene.HappensAsync(workflow.Id, A.Signal("paid", "a"));
        await scene.HappensAsync(workflow.Id, A.Signal("shipped", "b"));
        await scene.HappensAsync(other.Id, A.Signal("shipped", "d"));
        await scene.HappensAsync(workflow.Id, A.Signal("shipped", "c"));
        return (workflow, other);
    }
}
