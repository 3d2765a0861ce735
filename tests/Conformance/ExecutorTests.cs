using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Executors register, send heartbeats, and leave.</summary>
public sealed class ExecutorTests : StoreContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    [Theory, OnEveryStore]
    public async Task An_executor_is_stored_as_it_registered(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (id, now) = await scene.Store.RegisterExecutorAsync(
            new ExecutorRegistration(
                "box-7 / 4711",
                "2.1.0-rc.1",
                ["default", "with, comma", "slow"],
                Capacity: 12,
                Lease
            ),
            Stop
        );
        Assert.Equal(scene.Now, now);

        var record = await FindAsync(scene, id);

        Assert.Equal(["default", "with, comma", "slow"], record.ExecutorGroups);
        Assert.Equal(
            new ExecutorRecord(
                id,
                "box-7 / 4711",
                "2.1.0-rc.1",
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
    public async Task Each_start_registers_another_executor(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var first = await scene.RegisterAsync("same", TimeSpan.FromSeconds(15));
        var second = await scene.RegisterAsync("same", TimeSpan.FromSeconds(15));

        Assert.NotEqual(first, second);
        Assert.Equal(3, (await scene.Store.ExecutorsAsync(10, Stop)).Count);
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_renews_the_lease(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        var started = scene.Now;
        scene.Pass(seconds: 5);

        Assert.Equal(new HeartbeatAnswer(true, scene.Now), await scene.Store.HeartbeatAsync(new(id, Lease), Stop));

        var record = await FindAsync(scene, id);
        Assert.Equal((started, scene.Now), (record.Started, record.LastActive));
        Assert.Equal((scene.Now.AddSeconds(15), null), (record.LeaseUntil, record.Ended));
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_never_shortens_a_lease(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        var until = scene.Now.AddSeconds(15);
        scene.Pass(seconds: 5);

        Assert.True((await scene.Store.HeartbeatAsync(new(id, TimeSpan.FromSeconds(1)), Stop)).IsAlive);

        var record = await FindAsync(scene, id);
        Assert.Equal((scene.Now, until), (record.LastActive, record.LeaseUntil));
    }

    /// <summary>Uses the real clock of the database: the lease is counted from the instant at which the database wrote the row.</summary>
    [Theory, OnEveryStore]
    public async Task Instants_come_from_the_clock_of_the_database(StoreKind kind)
    {
        await using var database = await TestStore.OpenAsync(kind);
        var store = database.Workflows;
        var began = DateTimeOffset.UtcNow.AddMinutes(-1);

        var (id, entered) = await store.RegisterExecutorAsync(A.Executor("one"), Stop);
        var (isAlive, heard) = await store.HeartbeatAsync(new(id, TimeSpan.FromMinutes(2)), Stop);
        var repaired = await store.RepairAsync(new(id, 10), Stop);

        Assert.True(isAlive);
        Assert.InRange(entered, began, heard);
        Assert.InRange(repaired.Now, heard, began.AddMinutes(2));
        var record = Assert.Single(await store.ExecutorsAsync(10, Stop));
        Assert.Equal(entered, record.Started);
        Assert.InRange(record.LastActive, entered, heard);
        Assert.InRange(record.LeaseUntil, record.LastActive.AddMinutes(2), heard.AddMinutes(2));

        await store.DeregisterExecutorAsync(id, Stop);
        Assert.InRange((await store.ExecutorsAsync(10, Stop))[0].Ended!.Value, heard, began.AddMinutes(2));
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_of_an_ended_or_unknown_executor_fails(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var id = await scene.RegisterAsync("one", TimeSpan.FromSeconds(15));
        await scene.Store.DeregisterExecutorAsync(id, Stop);
        var ended = await FindAsync(scene, id);
        scene.Pass(seconds: 5);

        foreach (var gone in (long[])[id, id + 1000])
        {
            Assert.Equal(
                new HeartbeatAnswer(false, scene.Now),
                await scene.Store.HeartbeatAsync(new(gone, Lease), Stop)
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
        await scene.Store.DeregisterExecutorAsync(id, Stop);
        scene.Pass(seconds: 5);
        await scene.Store.DeregisterExecutorAsync(id, Stop);
        await scene.Store.DeregisterExecutorAsync(id + 1000, Stop);

        Assert.Equal(end, (await FindAsync(scene, id)).Ended);
        Assert.Null((await FindAsync(scene, scene.Executor)).Ended);
    }

    [Theory, OnEveryStore]
    public async Task Executors_are_listed_by_last_activity_up_to_a_limit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.Pass(seconds: 1);
        var quiet = await scene.RegisterAsync("quiet", TimeSpan.FromSeconds(15));
        var twin = await scene.RegisterAsync("twin of quiet", TimeSpan.FromSeconds(15));
        scene.Pass(seconds: 1);
        await scene.Store.HeartbeatAsync(new(scene.Executor, Lease), Stop);

        Assert.Equal([scene.Executor, twin, quiet], (await scene.Store.ExecutorsAsync(10, Stop)).Select(row => row.Id));
        Assert.Equal([scene.Executor, twin], (await scene.Store.ExecutorsAsync(2, Stop)).Select(row => row.Id));
    }

    private static async Task<ExecutorRecord> FindAsync(Scene scene, long id) =>
        (await scene.Store.ExecutorsAsync(100, Stop)).Single(row => row.Id == id);
}
