using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Workflows are taken over from dead executors only.</summary>
public sealed class RepairTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Workflows_of_an_executor_with_an_expired_lease_are_due_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (dead, held) = await HeldByAnotherAsync(scene, lease: 15);
        scene.Pass(seconds: 15.5);

        await scene.RepairAsync();

        A.Same(
            held with
            {
                Status = WorkflowStatus.InProgress,
                Lease = held.Lease + 1,
                ExecutorId = null,
                NextActivation = scene.Now,
                Modified = scene.Now,
            },
            await scene.AgainAsync(held)
        );
        Assert.Empty(await scene.Store.OwnedAsync(dead, Stop));
        Assert.Equal(held.Id, (await scene.ClaimedAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task The_history_names_both_executors(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (dead, held) = await HeldByAnotherAsync(scene, lease: 15);
        scene.Pass(seconds: 20);

        await scene.RepairAsync();

        var entry = (await scene.HistoryAsync(held))[^1];
        Assert.Equal(
            (HistoryKind.TakenOver, held.State, $"executor:{dead}"),
            (entry.Entry.Kind, entry.Entry.To, entry.Entry.Cause)
        );
        Assert.Equal((scene.Executor, scene.Now), (entry.ExecutorId, entry.DateTime));
    }

    [Theory, OnEveryStore]
    public async Task A_repair_consumes_neither_retries_nor_attempts(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var dead = await scene.RegisterAsync("dead", TimeSpan.FromSeconds(15));
        await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());
        var held = Assert.Single((await scene.ClaimAsync(A.Claim(dead, scene.Now))).Claimed);
        scene.Pass(seconds: 20);

        await scene.RepairAsync();

        var repaired = await scene.AgainAsync(held);
        Assert.Equal((held.RetryCount, held.ExecutionCount), (repaired.RetryCount, repaired.ExecutionCount));
    }

    [Theory, OnEveryStore]
    public async Task A_lease_expires_after_its_last_instant(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (_, held) = await HeldByAnotherAsync(scene, lease: 15);

        scene.Pass(seconds: 15);
        Assert.Empty(await scene.RepairAsync());
        Assert.Equal(held, await scene.AgainAsync(held));

        scene.Pass(seconds: 0.000_001);
        Assert.Single(await scene.RepairAsync());
    }

    [Theory, OnEveryStore]
    public async Task A_heartbeat_keeps_an_executor_alive(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (executor, held) = await HeldByAnotherAsync(scene, lease: 15);
        scene.Pass(seconds: 10);
        Assert.True(await BeatAsync(scene, executor));
        scene.Pass(seconds: 10);

        Assert.Empty(await scene.RepairAsync());
        Assert.Equal(held, await scene.AgainAsync(held));
    }

    [Theory, OnEveryStore]
    public async Task An_executor_declared_dead_stays_dead(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (dead, _) = await HeldByAnotherAsync(scene, lease: 15);
        scene.Pass(seconds: 20);
        await scene.RepairAsync();

        Assert.False(await BeatAsync(scene, dead));
        var record = (await scene.Store.ExecutorsAsync(10, Stop)).Single(row => row.Id == dead);
        Assert.Equal((scene.Now, false), (record.Ended, record.IsAliveAt(scene.Now)));
        Assert.Equal(A.FirstInstant.AddSeconds(15), record.LeaseUntil);
    }

    [Theory, OnEveryStore]
    public async Task Workflows_left_by_an_ended_executor_are_taken_over(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (ended, held) = await HeldByAnotherAsync(scene, lease: 15);
        await scene.Store.DeregisterExecutorAsync(ended, Stop);

        Assert.Equal(held.Id, Assert.Single(await scene.RepairAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task Workflows_of_an_unknown_executor_are_taken_over(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreateAsync(A.Workflow("order-1") with { ClaimedBy = scene.Executor + 1000 });

        Assert.Equal(created.Creates[0].Id, Assert.Single(await scene.RepairAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task No_more_are_taken_over_than_the_limit_and_the_next_repair_continues(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var dead = await scene.RegisterAsync("dead", TimeSpan.FromSeconds(15));
        await scene.CreateAsync([
            .. Enumerable.Range(0, 5).Select(number => A.Workflow($"order-{number}") with { ClaimedBy = dead }),
        ]);
        scene.Pass(seconds: 20);

        var first = await scene.RepairAsync(limit: 3);
        var second = await scene.RepairAsync(limit: 3);

        Assert.Equal((3, 2), (first.Count, second.Count));
        Assert.Equal(5, first.Concat(second).Select(change => change.Id).Distinct().Count());
        Assert.Empty(await scene.RepairAsync(limit: 3));
    }

    [Theory, OnEveryStore]
    public async Task Unowned_workflows_are_left_alone(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("new");
        await scene.CommittedAsync((await scene.RunningAsync("waiting")).WaitsForAPerson());
        await scene.CommittedAsync((await scene.RunningAsync("over")).GivesUp());
        await scene.RunningAsync("ours");
        var before = await scene.SearchAsync(new WorkflowSearch());
        scene.Pass(seconds: 1000);

        Assert.Empty(await scene.RepairAsync());
        Assert.Equal(before, await scene.SearchAsync(new WorkflowSearch()));
    }

    [Theory, OnEveryStore]
    public async Task A_repair_returns_when_the_next_lease_expires(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var renewed = await scene.RegisterAsync("renewed", TimeSpan.FromSeconds(10));
        await scene.RegisterAsync("dead", TimeSpan.FromSeconds(20));
        var deadUntil = scene.Now.AddSeconds(20);
        Assert.Equal(scene.Now.AddSeconds(10), await NextExpiryAsync(scene));

        scene.Pass(seconds: 9);
        await BeatAsync(scene, renewed);
        Assert.Equal(deadUntil, await NextExpiryAsync(scene));

        scene.Pass(seconds: 12);
        Assert.Equal(scene.Now.AddSeconds(3), await NextExpiryAsync(scene));

        scene.Pass(seconds: 200_000);
        Assert.Null(await NextExpiryAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task A_repair_returns_the_time_of_the_database(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.Pass(seconds: 7);

        Assert.Equal(scene.Now, (await scene.Store.RepairAsync(new(scene.Executor, 10), Stop)).Now);
    }

    [Theory, OnEveryStore]
    public async Task A_repair_returns_the_number_of_live_executors(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.RegisterAsync("dies", TimeSpan.FromSeconds(10));
        await scene.RegisterAsync("lives", TimeSpan.FromSeconds(30));
        var before = await scene.Store.RepairAsync(new(scene.Executor, 10), Stop);

        scene.Pass(seconds: 11);
        var after = await scene.Store.RepairAsync(new(scene.Executor, 10), Stop);

        Assert.Equal(1, before.Executors - after.Executors);
        Assert.True(after.Executors >= 1);
    }

    private static async Task<DateTimeOffset?> NextExpiryAsync(Scene scene) =>
        (await scene.Store.RepairAsync(new RepairRequest(scene.Executor, 10), Stop)).NextExpiry;

    private static async Task<(long Executor, WorkflowRecord Held)> HeldByAnotherAsync(Scene scene, double lease)
    {
        var executor = await scene.RegisterAsync("another", TimeSpan.FromSeconds(lease));
        await scene.CreatedAsync("order-1");
        return (executor, Assert.Single((await scene.ClaimAsync(A.Claim(executor, scene.Now))).Claimed));
    }

    private static async Task<bool> BeatAsync(Scene scene, long executor) =>
        (await scene.Store.HeartbeatAsync(new(executor, TimeSpan.FromSeconds(15)), Stop)).IsAlive;
}
