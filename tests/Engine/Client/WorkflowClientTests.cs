using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Engine.Tests.Typed;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Client;

/// <summary>Workflows through the in-process client.</summary>
public sealed class WorkflowClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_order_is_started_queried_signalled_and_returns_its_result(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);

        var order = await engine.Client.StartAsync<Orders>(
            "order-1",
            new Order("ada", 2000),
            new StartOptions { BusinessKey = "ada", Priority = 2 },
            Stop
        );

        var id = (await order.QueryAsync(Stop)).Id;
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);
        var waiting = await order.QueryAsync(Stop);
        Assert.Equal(
            ("order-1", "Orders", "ada", WorkflowStatus.InProgress, "Approval"),
            (waiting.Key, waiting.WorkflowType, waiting.BusinessKey, waiting.Status, waiting.State)
        );
        Assert.Equal(2010, waiting.DataAs<OrderData>().Total);
        Assert.Equal(2, (await engine.FindAsync(id)).Priority);
        var result = order.ResultAsync<Receipt>(Stop);
        await order.SignalAsync(new Decision(true, "bob"), Stop);
        Assert.Equal(new Receipt("ada", true), await result);
    }

    [Fact]
    public async Task Starting_again_with_the_same_key_returns_the_same_workflow()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);

        await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);
        await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);

        Assert.Single((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
    }

    [Fact]
    public async Task A_history_is_read_to_the_end_of_the_workflow()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var order = await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);
        var id = (await order.QueryAsync(Stop)).Id;
        await engine.UntilAsync(id, workflow => workflow.AwaitedSignals is not null);

        var lines = new List<string>();
        await foreach (var happening in order.HistoryAsync(follow: true, Stop))
        {
            lines.AddRange(happening.Lines);
            if (happening.To == "Approval" && happening.Kind == "TRANSITION")
            {
                await order.SignalAsync(new Decision(true, "bob"), Stop);
            }
        }

        Assert.Equal("Created by client", lines[0]);
        Assert.Contains("Signal Decision (by client)", lines);
        Assert.Equal("workflow complete", lines[^1]);
        Assert.Equal(lines.Count, (await engine.HistoryAsync(id)).Count);
    }

    [Fact]
    public async Task A_workflow_that_did_not_finish_has_no_result()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var order = await engine.Client.StartAsync<Orders>("order-1", new Order("ada", 2000), cancellation: Stop);
        await order.CancelAsync(cancellation: Stop);

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => order.ResultAsync<Receipt>(Stop));

        Assert.Equal(WorkflowStatus.Cancelled, failed.Workflow.Status);
        var late = await Assert.ThrowsAsync<WorkflowCallException>(() =>
            order.SignalAsync(new Decision(true, "bob"), Stop)
        );
        Assert.Equal(CallFailure.Conflict, late.Failure);
        late = await Assert.ThrowsAsync<WorkflowCallException>(() => order.CancelAsync(cancellation: Stop));
        Assert.Equal(CallFailure.Conflict, late.Failure);
    }

    [Fact]
    public async Task An_unknown_key_is_reported_as_not_found()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);
        var nobody = engine.Client.Handle("nobody");

        Func<Task>[] calls =
        [
            () => nobody.QueryAsync(Stop),
            () => nobody.EndAsync(Stop),
            () => nobody.SignalAsync("paid", cancellation: Stop),
            () => nobody.CancelAsync(cancellation: Stop),
            async () => await nobody.HistoryAsync(cancellation: Stop).GetAsyncEnumerator(Stop).MoveNextAsync(),
        ];

        foreach (var call in calls)
        {
            var failed = await Assert.ThrowsAsync<WorkflowCallException>(call);
            Assert.Equal((CallFailure.NotFound, "There is no workflow 'nobody'."), (failed.Failure, failed.Message));
        }
    }

    [Fact]
    public async Task Invalid_input_is_rejected_and_nothing_is_stored()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);

        var unfit = await Assert.ThrowsAsync<WorkflowCallException>(() =>
            engine.Client.StartAsync<Orders>("order-1", new { total = 5 }, cancellation: Stop)
        );
        var noObject = await Assert.ThrowsAsync<WorkflowCallException>(() =>
            engine.Client.StartAsync<Orders>("order-1", 5, cancellation: Stop)
        );

        Assert.Equal(CallFailure.Rejected, unfit.Failure);
        Assert.Contains("stateVars.customer", unfit.Message, StringComparison.Ordinal);
        Assert.Equal("input: expected a value whose JSON is an object, but got Int32.", noObject.Message);
        Assert.Empty((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
    }

    private static Task<EngineHarness> StartAsync(StoreKind kind) =>
        EngineHarness.StartAsync(kind, flows => flows.AddWorkflow<Orders>());
}
