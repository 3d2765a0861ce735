using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The delivery for an end is created in the transaction of that end, for every kind of write.</summary>
public sealed class WebhookTests : StoreContract
{
    private static readonly IReadOnlyList<Webhook> Shop = [new Webhook("shop")];

    [Theory, OnEveryStore]
    public async Task An_end_creates_its_delivery_along_with_the_creates_of_the_batch(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var order = await scene.RunningAsync("order-1");

        var result = await scene.WriteAsync(
            [A.Workflow("order-2")],
            [new EventFor(order.Id, Finishes(order)) { Known = order }]
        );

        var created = await scene.FindAsync(Assert.Single(result.Creates).Id);
        Assert.Equal("order-2", created.ExternalId);
        Assert.Equal(WorkflowStatus.Finished, (await scene.AgainAsync(order)).Status);
        var delivery = Assert.Single(await DeliveriesAsync(scene));
        Assert.Equal(
            (WorkflowStatus.New, "Deliver", null),
            (delivery.Status, delivery.State, delivery.ParentWorkflowId)
        );
        Assert.Contains("\"externalId\":\"order-1\"", delivery.StateVars, StringComparison.Ordinal);
        Assert.Equal([$"CREATED Deliver: Created by workflow {order.Id}"], await scene.TellAsync(delivery));
        Assert.Contains(result.Changes, change => change.Id == delivery.Id);
        Assert.Equal(
            1,
            (await scene.Store.CountsAsync(Stop))
                .Where(count => count.WorkflowType == delivery.WorkflowType)
                .Sum(count => count.Count)
        );
    }

    [Theory, OnEveryStore]
    public async Task The_end_of_a_child_creates_a_delivery_that_is_no_child_of_the_parent(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);

        await scene.HappensAsync(children[0].Id, Finishes(children[0]));

        Assert.Single(await DeliveriesAsync(scene));
        Assert.Equal(0, (await scene.AgainAsync(parent)).OpenChildren);
        Assert.Single(await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_cancel_and_a_move_to_a_final_state_create_deliveries(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var first = await scene.CreatedAsync("order-1");
        var second = await scene.CreatedAsync("order-2");

        await scene.HappensAsync(first.Id, new Cancelled("ann") { Webhooks = Shop });
        await scene.HappensAsync(second.Id, A.Move("Done", WorkflowStatus.Finished) with { Webhooks = Shop });

        Assert.Equal(2, (await DeliveriesAsync(scene)).Count);
    }

    [Theory, OnEveryStore]
    public async Task An_end_that_is_not_written_creates_no_delivery(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var order = await scene.RunningAsync("order-1");
        await scene.HappensAsync(order.Id, A.Move("Pay"));

        var result = await scene.WriteAsync([], [new EventFor(order.Id, Finishes(order)) { Known = order }]);

        Assert.Equal(EventVerdict.LeaseLost, Assert.Single(result.Events).Verdict);
        Assert.Empty(await DeliveriesAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task A_repeated_end_creates_no_second_delivery(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var order = await scene.RunningAsync("order-1");
        var end = new EventFor(order.Id, Finishes(order)) { Known = order };
        await scene.WriteAsync([], [end]);

        await scene.WriteAsync([], [end]);

        Assert.Single(await DeliveriesAsync(scene));
    }

    [Theory, OnEveryStore(WithDatabase = true)]
    public async Task A_callback_that_throws_rolls_back_the_delivery_with_the_end(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var order = await scene.RunningAsync("order-1");

        var result = await scene.WriteAsync(
            [],
            [
                new EventFor(order.Id, Finishes(order))
                {
                    Known = order,
                    OnCommit = (_, _, _) => throw new InvalidOperationException("no money"),
                },
            ]
        );

        Assert.Equal(EventVerdict.Rejected, Assert.Single(result.Events).Verdict);
        Assert.Empty(await DeliveriesAsync(scene));
    }

    private static StepSucceeded Finishes(WorkflowRecord order) =>
        new(order.Lease, order.ExecutionCount, new TargetState("Done", WorkflowStatus.Finished)) { Webhooks = Shop };

    private static Task<IReadOnlyList<WorkflowRecord>> DeliveriesAsync(Scene scene) =>
        scene.SearchAsync(
            new WorkflowSearch
            {
                Filter = new WorkflowFilter { WorkflowTypes = ["WebhookDelivery"] },
                Limit = 10,
            }
        );
}
