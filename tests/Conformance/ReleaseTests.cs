using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Releasing claims, and listing owned ones.</summary>
public sealed class ReleaseTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_released_workflow_is_due_at_once_under_another_lease(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var held = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        await scene.HandBackAsync(held);

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
        Assert.Equal(held.Lease + 2, (await scene.ClaimedAsync()).Lease);
    }

    [Theory, OnEveryStore]
    public async Task Only_a_valid_claim_is_released(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await scene.RegisterAsync("other", TimeSpan.FromDays(1));
        var old = await scene.RunningAsync("taken from us");
        await scene.HandBackAsync(old);
        await scene.ClaimAsync(A.Claim(other, scene.Now));
        var parked = await scene.CommittedAsync((await scene.RunningAsync("parked")).ParksUntil(scene.Now.AddDays(1)));
        var ended = await scene.CommittedAsync((await scene.RunningAsync("ended")).Finishes());
        var before = await scene.SearchAsync(new WorkflowSearch());
        scene.Pass(seconds: 1);

        var changes = await scene.HandBackAsync(old, parked, ended, old with { Id = old.Id + 1000 });

        Assert.Empty(changes);
        Assert.Equal(before, await scene.SearchAsync(new WorkflowSearch()));
    }

    [Theory, OnEveryStore]
    public async Task A_claim_named_twice_is_released_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var held = await scene.RunningAsync("order-1");

        var changes = await scene.HandBackAsync(held, held);

        Assert.Equal(held.Lease + 1, Assert.Single(changes).Lease);
    }

    [Theory, OnEveryStore]
    public async Task A_claim_can_be_released_after_steps_that_kept_it(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var held = await scene.RunningAsync("order-1");
        await scene.CommittedAsync(held.GoesTo("Pay") with { StateVars = """{"a":1}""" });

        await scene.HandBackAsync(held);

        var again = await scene.ClaimedAsync();
        Assert.Equal(("Pay", 1, """{"a":1}"""), (again.State, again.Step, again.StateVars));
    }

    [Theory, OnEveryStore]
    public async Task The_owned_claims_of_an_executor_are_those_it_holds_now(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await scene.RegisterAsync("other", TimeSpan.FromDays(1));
        var held = await scene.RunningAsync("held");
        var going = await scene.CommittedAsync((await scene.RunningAsync("going on")).GoesTo("Pay"));
        await scene.CommittedAsync((await scene.RunningAsync("parked")).ParksUntil(scene.Now.AddDays(1)));
        await scene.CommittedAsync((await scene.RunningAsync("ended")).Finishes());
        await scene.CreatedAsync("another's");
        var others = Assert.Single((await scene.ClaimAsync(A.Claim(other, scene.Now))).Claimed);
        await scene.CreatedAsync("nobody's");

        var owned = await scene.Store.OwnedAsync(scene.Executor, Stop);

        Assert.Equal([A.ClaimOf(held), A.ClaimOf(going)], owned.OrderBy(claim => claim.WorkflowId));
        Assert.Equal([A.ClaimOf(others)], await scene.Store.OwnedAsync(other, Stop));
        Assert.Empty(await scene.Store.OwnedAsync(other + 1000, Stop));
    }
}
