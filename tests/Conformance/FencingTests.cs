using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>A commit based on a stale workflow changes nothing.</summary>
public sealed class FencingTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_step_whose_lease_was_lost_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var old = await scene.RunningAsync("order-1");
        await scene.HandBackAsync(old);
        var owned = await scene.ClaimedAsync();

        await AssertFencedOut(scene, Everything(old));

        Assert.Equal(owned, await scene.AgainAsync(owned));
    }

    [Theory, OnEveryStore]
    public async Task The_same_commit_written_twice_is_applied_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var step = Everything(before);
        await scene.CommittedAsync(step);

        await AssertFencedOut(scene, step);

        Assert.Single(await scene.Store.ChildrenAsync(new ChildSearch(before.Id), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_commit_repeated_in_the_next_batch_keeps_the_claim_of_the_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var after = await scene.CommittedAsync(before.GoesTo("Pay"));

        await AssertFencedOut(scene, before.GoesTo("Elsewhere"));

        Assert.Equal("Send", (await scene.CommittedAsync(after.GoesTo("Send"))).State);
    }

    [Theory, OnEveryStore]
    public async Task A_step_of_an_unowned_workflow_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var fresh = await scene.CreatedAsync("never claimed");
        var parked = await scene.CommittedAsync((await scene.RunningAsync("parked")).ParksUntil(scene.Now.AddDays(1)));
        var ended = await scene.CommittedAsync((await scene.RunningAsync("ended")).Finishes());

        await AssertFencedOut(scene, fresh.GoesTo("Pay"), parked.GoesTo("Pay"), ended.GoesTo("Pay"));
    }

    [Theory, OnEveryStore]
    public async Task A_step_of_a_workflow_that_does_not_exist_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");

        await AssertFencedOut(scene, Everything(running with { Id = running.Id + 1000 }));
    }

    [Theory, OnEveryStore]
    public async Task A_step_that_ran_while_a_person_moved_the_workflow_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");
        await scene.MoveAsync(running, A.Move("Elsewhere"));

        await AssertFencedOut(scene, Everything(running));
    }

    [Theory, OnEveryStore]
    public async Task A_step_that_ran_while_a_person_set_a_variable_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");
        await scene.SetVariableAsync(running, "by", "\"hand\"");

        await AssertFencedOut(scene, Everything(running) with { StateVars = "{}" });
    }

    [Theory, OnEveryStore]
    public async Task A_step_that_ran_while_the_workflow_was_repaired_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var dead = await scene.RegisterAsync("dead", lease: TimeSpan.FromSeconds(15));
        await scene.CreatedAsync("order-1");
        var running = Assert.Single((await scene.ClaimAsync(A.Claim(dead, scene.Now))).Claimed);
        scene.Pass(seconds: 16);
        await scene.RepairAsync();

        await AssertFencedOut(scene, Everything(running));
    }

    /// <summary>A step that uses every feature, so that there is much to roll back.</summary>
    private static Step Everything(WorkflowRecord before) =>
        before.Finishes() with
        {
            StateVars = """{"from":"the step"}""",
            Children = [A.Workflow("child")],
            WakesParent = true,
        };

    private static async Task AssertFencedOut(Scene scene, params Step[] steps)
    {
        var before = await scene.SearchAsync(new WorkflowSearch { Limit = 1000 });
        var histories = await Task.WhenAll(before.Select(scene.HistoryAsync));
        scene.Pass(seconds: 1);

        var result = await scene.CommitAsync(steps);

        Assert.All(result.Events, outcome => Assert.Equal(EventVerdict.LeaseLost, outcome.Verdict));
        Assert.Empty(result.Changes);
        Assert.Equal(before, await scene.SearchAsync(new WorkflowSearch { Limit = 1000 }));
        Assert.Equal(histories, await Task.WhenAll(before.Select(scene.HistoryAsync)));
    }
}
