using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The numbers of workflows that wait for permits.</summary>
public sealed class PermitQueueTests : LimitContract
{
    [Theory, OnEveryStore]
    public async Task Waits_for_permits_are_counted_by_definition_and_state_up_to_a_maximum(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("1", "a") with
            {
                NextActivation = scene.Now.AddSeconds(-20),
            },
            OfKey("2", "b") with
            {
                NextActivation = scene.Now.AddSeconds(-30),
            },
            OfKey("later", "c") with
            {
                NextActivation = scene.Now.AddSeconds(30),
            },
            OfKey("other version", "a") with
            {
                Version = "v2",
            },
            OfKey("other group", "a") with
            {
                ExecutorGroup = "other",
            },
            A.Workflow("free")
        );
        var search = new PermitQueueSearch([A.Of(A.Type)], [A.Group], 100, scene.Now);

        Assert.Equal(
            [new PermitQueue(A.Of(A.Type), A.FirstState, 2, scene.Now.AddSeconds(-30))],
            await scene.Store.PermitQueuesAsync(search, Stop)
        );
        Assert.Equal(1, Assert.Single(await scene.Store.PermitQueuesAsync(search with { Most = 1 }, Stop)).Waiting);
        Assert.Equal(
            3,
            (await scene.Store.PermitQueuesAsync(search with { ExecutorGroups = [A.Group, "other"] }, Stop)).Sum(
                queue => queue.Waiting
            )
        );

        await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)));

        Assert.Equal(
            new PermitQueue(A.Of(A.Type), A.FirstState, 1, scene.Now.AddSeconds(-30)),
            Assert.Single(await scene.Store.PermitQueuesAsync(search, Stop))
        );
    }
}
