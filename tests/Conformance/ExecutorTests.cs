using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Executors enter themselves, give signs of life, and leave.</summary>
public sealed class ExecutorTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task An_executor_is_stored_as_it_entered_itself(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.Store.RegisterExecutorAsync(
            new ExecutorRegistration(
                "box-7 / 4711",
                ["default", "with, comma", "slow"],
                Capacity: 12,
                scene.Now,
                scene.Now.AddSeconds(15)
            ),
            Stop
        );

        var record = await FindAsync(scene, id);

        Assert.Equal(["default", "with, comma", "slow"], record.ExecutorGroups);
        Assert.Equal(
            new ExecutorRecord(
                id,
                "box-7 / 4711",
                record.ExecutorGroups,
                12,
                Started: scene.Now,
                LastActive: scene.Now,
                LeaseUntil: scene.Now.AddSeconds(15),
                Ended: null
            ),
            record
        );
        Assert.True(record.IsAliveAt(scene.Now.AddSeconds(15)));
        Assert.False(record.IsAliveAt(scene.Now.AddSeconds(16)));
    }

    [Theory, OnEveryStore]
    public async Task Each_start_is_another_executor(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var first = await scene.RegisterAsync("same", TimeSpan.FromSeconds(15));
        var second = await scene.RegisterAsync("same", TimeSpan.FromSeconds(15));

        Assert.NotEqual(first, second);
        Assert.Equal(3, (await scene.Store.ExecutorsAsync(10, Stop)).Count);
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_says_when_it_was_heard_of_and_until_when_it_counts_as_alive(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        var started = scene.Now;
        scene.Pass(seconds: 5);

        Assert.True(
            await scene.Store.HeartbeatAsync(new ExecutorHeartbeat(id, scene.Now, scene.Now.AddSeconds(15)), Stop)
        );

        var record = await FindAsync(scene, id);
        Assert.Equal((started, scene.Now), (record.Started, record.LastActive));
        Assert.Equal((scene.Now.AddSeconds(15), null), (record.LeaseUntil, record.Ended));
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_that_comes_late_sets_nothing_back(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        var late = new ExecutorHeartbeat(id, scene.Now.AddSeconds(1), scene.Now.AddSeconds(16));
        scene.Pass(seconds: 5);
        await scene.Store.HeartbeatAsync(new ExecutorHeartbeat(id, scene.Now, scene.Now.AddSeconds(15)), Stop);
        var before = await FindAsync(scene, id);

        Assert.True(await scene.Store.HeartbeatAsync(late, Stop));

        Assert.Equivalent(before, await FindAsync(scene, id), strict: true);
    }

    [Theory, OnEveryStore]
    public async Task An_executor_that_has_ended_or_never_was_has_no_heartbeat(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        await scene.Store.DeregisterExecutorAsync(id, scene.Now, Stop);
        var ended = await FindAsync(scene, id);
        scene.Pass(seconds: 5);

        foreach (var gone in (long[])[id, id + 1000])
        {
            Assert.False(
                await scene.Store.HeartbeatAsync(new ExecutorHeartbeat(gone, scene.Now, scene.Now.AddSeconds(15)), Stop)
            );
        }

        Assert.Equivalent(ended, await FindAsync(scene, id), strict: true);
    }

    [Theory, OnEveryStore]
    public async Task An_executor_ends_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        var end = scene.Pass(seconds: 5);
        await scene.Store.DeregisterExecutorAsync(id, scene.Now, Stop);
        scene.Pass(seconds: 5);
        await scene.Store.DeregisterExecutorAsync(id, scene.Now, Stop);
        await scene.Store.DeregisterExecutorAsync(id + 1000, scene.Now, Stop);

        Assert.Equal(end, (await FindAsync(scene, id)).Ended);
        Assert.Null((await FindAsync(scene, scene.Executor)).Ended);
    }

    [Theory, OnEveryStore]
    public async Task Executors_are_listed_the_last_active_first_up_to_a_limit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.Pass(seconds: 1);
        var quiet = await scene.RegisterAsync("quiet", TimeSpan.FromSeconds(15));
        var twin = await scene.RegisterAsync("twin of quiet", TimeSpan.FromSeconds(15));
        scene.Pass(seconds: 1);
        await scene.Store.HeartbeatAsync(new ExecutorHeartbeat(scene.Executor, scene.Now, scene.Now), Stop);

        Assert.Equal([scene.Executor, twin, quiet], (await scene.Store.ExecutorsAsync(10, Stop)).Select(row => row.Id));
        Assert.Equal([scene.Executor, twin], (await scene.Store.ExecutorsAsync(2, Stop)).Select(row => row.Id));
    }

    private static async Task<ExecutorRecord> FindAsync(Scene scene, long id) =>
        (await scene.Store.ExecutorsAsync(100, Stop)).Single(row => row.Id == id);
}
