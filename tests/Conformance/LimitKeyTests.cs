using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>How workflows with different limit keys share the permits.</summary>
public sealed class LimitKeyTests : LimitContract
{
    [Theory, OnEveryStore]
    public async Task Keys_take_turns_regardless_of_their_backlogs(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(1, 20).Select(number => OfKey($"a{number}", "a"))]);
        await scene.CreateAsync(OfKey("b1", "b"), OfKey("b2", "b"), OfKey("c1", "c"));
        var order = new List<string>();

        for (var turn = 0; turn < 8; turn++)
        {
            scene.Pass(seconds: 1);
            var claimed = (await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)))).Claimed;
            order.AddRange(Names(claimed));
            await scene.CommittedAsync(Assert.Single(claimed).Finishes());
        }

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3", "a4", "a5"], order);
    }

    [Theory, OnEveryStore]
    public async Task Each_key_has_its_own_permits_within_the_total(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([
            .. Enumerable
                .Range(0, 12)
                .Select(number => OfKey($"{(char)('a' + (number % 4))}{number / 4}", $"{number % 4}")),
        ]);
        var limits = OfType(WorkflowLimit.Concurrency(1, perKey: true), WorkflowLimit.Concurrency(3));

        var first = await GrantAsync(scene, limits);
        var none = await GrantAsync(scene, limits);
        await scene.CommittedAsync(first.Claimed[0].Finishes());
        var next = await GrantAsync(scene, limits);

        Assert.Equal(["a0", "b0", "c0"], Names(first.Claimed));
        Assert.Empty(none.Claimed);
        Assert.Equal(["d0"], Names(next.Claimed));
    }

    /// <summary>A poll considers a bounded number of keys, and the first waiter of each may be parked.</summary>
    [Theory, OnEveryStore]
    public async Task Many_keys_with_parked_waiters_block_no_due_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = OfType(WorkflowLimit.Concurrency(1));
        await scene.CreateAsync(OfKey("first", "k50"));
        Assert.Equal(["first"], Names((await GrantAsync(scene, limits)).Claimed));
        await scene.CommittedAsync((await scene.Store.FindByExternalIdAsync("first", Stop))!.Finishes());
        await scene.CreateAsync([
            .. Enumerable
                .Range(10, 80)
                .Select(number =>
                    OfKey($"parked-{number}", $"k{number}") with
                    {
                        NextActivation = scene.Now.AddDays(1),
                    }
                ),
        ]);
        await scene.CreateAsync(OfKey("due-1", "k20"), OfKey("due-2", "k20"), OfKey("due-3", "k30"));

        foreach (var name in (string[])["due-1", "due-3", "due-2"])
        {
            var granted = Assert.Single((await GrantAsync(scene, limits)).Claimed);
            Assert.Equal(name, granted.ExternalId);
            await scene.CommittedAsync(granted.Finishes());
        }

        var nothing = await GrantAsync(scene, limits);
        Assert.Equal((0, false, false), (nothing.Claimed.Count, nothing.HasWaiters, nothing.IsMore));
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_has_ended_and_is_retried_keeps_its_key(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("order-1", "customer-7"));
        var failed = await scene.CommittedAsync(Assert.Single((await GrantAsync(scene, OfType())).Claimed).GivesUp());
        Assert.Equal((Permit.None, "customer-7"), (failed.Permit, failed.LimitKey));

        await scene.HappensAsync(failed.Id, new Retried(Limited, "ann"));

        var again = await scene.AgainAsync(failed);
        Assert.Equal((Permit.Needed, "customer-7"), (again.Permit, again.LimitKey));
    }
}
