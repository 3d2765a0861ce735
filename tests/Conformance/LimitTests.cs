using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Which workflows get permits, and when.</summary>
public sealed class LimitTests : LimitContract
{
    [Theory, OnEveryStore]
    public async Task A_claim_without_permits_skips_workflows_that_need_one(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("limited", "a") with { ClaimedBy = scene.Executor }, A.Workflow("free"));

        var claimed = await scene.ClaimAsync();

        Assert.Equal(["free"], Names(claimed.Claimed));
        Assert.Null(claimed.NextDue);
        Assert.Empty(await scene.Store.UpcomingAsync([A.Of(A.Type)], 10, Stop));
        Assert.Empty(await scene.Store.FirstDueAsync([A.Of(A.Type)], Stop));
    }

    [Theory, OnEveryStore]
    public async Task Permits_never_exceed_the_limit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 9).Select(number => OfKey($"order-{number}", "a"))]);

        var first = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));
        var second = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));

        Assert.Equal(["order-0", "order-1", "order-2"], Names(first.Claimed));
        Assert.True(first.HasWaiters);
        Assert.Empty(second.Claimed);
        Assert.True(second.HasWaiters);
        foreach (var row in first.Claimed)
        {
            Assert.Equal((WorkflowStatus.Executing, scene.Executor), (row.Status, row.ExecutorId));
            Assert.Equal(row, await scene.AgainAsync(row));
        }

        await scene.CommittedAsync(first.Claimed[1].Finishes());
        Assert.Equal(["order-3"], Names((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)))).Claimed));
    }

    [Theory, OnEveryStore]
    public async Task A_rate_allows_a_burst_and_then_one_at_a_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 6).Select(number => OfKey($"order-{number}", "a"))]);
        var limits = OfType(WorkflowLimit.Rate(2, Per.Minute));

        var first = await GrantAsync(scene, limits);
        var began = scene.Now;
        Assert.Equal(2, first.Claimed.Count);
        Assert.Equal(began.AddSeconds(30), first.NextPoll);
        scene.Pass(seconds: 29);
        Assert.Empty((await GrantAsync(scene, limits)).Claimed);
        scene.Pass(seconds: 1);
        Assert.Single((await GrantAsync(scene, limits)).Claimed);
        scene.Pass(seconds: 600);
        Assert.Equal(2, (await GrantAsync(scene, limits)).Claimed.Count);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_due_later_waits_and_its_due_time_is_returned(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("later", "a") with { NextActivation = scene.Now.AddSeconds(20) });

        var early = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));
        Assert.Empty(early.Claimed);
        Assert.Equal((false, false), (early.HasWaiters, early.IsFull));
        Assert.Equal(scene.Now.AddSeconds(20), early.NextPoll);
        scene.Pass(seconds: 20);
        Assert.Single((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)))).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task Only_workflows_that_can_run_here_get_a_permit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("other version", "a") with
            {
                Version = A.NextVersion,
            },
            OfKey("other group", "a") with
            {
                ExecutorGroup = "slow",
            },
            OfKey("other type", "a") with
            {
                WorkflowType = "Alien",
            },
            OfKey("mine", "b")
        );

        Assert.Equal(["mine"], Names((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(9)))).Claimed));
    }

    [Theory, OnEveryStore]
    public async Task A_claim_with_limits_returns_the_variables(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("order-1", "a") with { StateVars = """{"a":1}""" });

        Assert.Equal("""{"a":1}""", Assert.Single((await GrantAsync(scene, OfType())).Claimed).StateVars);
    }

    [Theory, OnEveryStore]
    public async Task Concurrent_executors_never_exceed_the_limit(StoreKind kind)
    {
        const int Limit = 7;
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();
        await scene.CreateAsync([
            .. Enumerable.Range(0, 150).Select(number => OfKey($"order-{number}", $"{number % 30}")),
        ]);
        long[] executors = [scene.Executor, await scene.RegisterAsync("other", TimeSpan.FromDays(1))];
        var limits = OfType(WorkflowLimit.Concurrency(Limit), WorkflowLimit.Concurrency(1, perKey: true));
        var finished = 0;
        var (have, most) = (0, 0);
        var keys = new HashSet<string>();
        var gate = new Lock();

        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async worker =>
                {
                    var store = worker % 2 == 0 ? scene.Store : another;
                    while (Volatile.Read(ref finished) < 150)
                    {
                        var request = Request(scene, limits, executors[worker % 2]) with { Limit = 3 };
                        var claimed = (await store.ClaimLimitedAsync(request, Stop)).Claimed;
                        lock (gate)
                        {
                            have += claimed.Count;
                            most = int.Max(most, have);
                            Assert.All(claimed, row => Assert.True(keys.Add(row.LimitKey)));
                        }

                        foreach (var row in claimed)
                        {
                            lock (gate)
                            {
                                have--;
                                keys.Remove(row.LimitKey);
                            }

                            var batch = new WriteBatch([], [row.Finishes().ToEvent()], row.ExecutorId, scene.Now);
                            await store.WriteAsync(batch, Stop);
                            Interlocked.Increment(ref finished);
                        }
                    }
                })
        );

        Assert.True(most <= Limit, $"{most} workflows had permits at once.");
    }
}
