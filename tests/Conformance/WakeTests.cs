using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>A child wakes its parent. No wake is lost, and none counts twice.</summary>
public sealed class WakeTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_parked_parent_is_due_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        var parked = await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        A.Same(parked with { NextActivation = scene.Now, Modified = scene.Now }, await scene.AgainAsync(parent));
    }

    [Theory, OnEveryStore]
    public async Task The_history_of_the_parent_records_the_wake(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);

        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        var entry = (await scene.HistoryAsync(parent))[^1];
        Assert.Equal(
            (HistoryKind.ChildWoke, $"workflow:{children[0].Id}", "Half"),
            (entry.Entry.Kind, entry.Entry.Cause, entry.Entry.Text)
        );
        Assert.Equal((scene.Executor, scene.Now), (entry.ExecutorId, entry.DateTime));
    }

    [Theory, OnEveryStore]
    public async Task A_wake_during_execution_of_the_parent_is_kept_until_it_parks(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(Waking(children[0]));
        Assert.Equal(WorkflowStatus.Executing, (await scene.AgainAsync(parent)).Status);
        scene.Pass(seconds: 1);

        var parked = await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));

        Assert.Equal(scene.Now, parked.NextActivation);
        Assert.Equal(parent.Id, (await scene.ClaimedAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_in_the_same_batch_before_the_parent_parks_is_kept(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);

        await scene.CommitAsync(Waking(children[0]), parent.ParksUntil(scene.Now.AddDays(1)));

        Assert.Equal(scene.Now, (await scene.AgainAsync(parent)).NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_survives_states_that_follow_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(Waking(children[0]));

        var onward = await scene.CommittedAsync(parent.GoesTo("Onward"));
        var parked = await scene.CommittedAsync(onward.ParksUntil(scene.Now.AddDays(1)));

        Assert.Equal(scene.Now, parked.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_does_not_speed_up_a_retry_but_survives_it(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(Waking(children[0]));
        var due = scene.Now.AddSeconds(10);

        var retried = await scene.CommittedAsync(parent.RetriesAfter(TimeSpan.FromSeconds(10)));
        Assert.Equal(due, retried.NextActivation);

        scene.Pass(seconds: 10);
        var parked = await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(scene.Now.AddDays(1)));
        Assert.Equal(scene.Now, parked.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_during_the_wait_for_a_retry_is_kept(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        var retried = await scene.CommittedAsync(parent.RetriesAfter(TimeSpan.FromMinutes(1)));

        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        A.Same(retried with { Woken = true }, await scene.AgainAsync(parent));
        scene.Pass(seconds: 60);
        var parked = await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(scene.Now.AddDays(1)));
        Assert.Equal(scene.Now, parked.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_during_a_pause_is_kept(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.MoveAsync(parent, A.Move("Split", WorkflowStatus.Paused));
        var paused = await scene.AgainAsync(parent);

        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        A.Same(paused with { Woken = true }, await scene.AgainAsync(parent));
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_survives_a_release(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(Waking(children[0]));
        await scene.HandBackAsync(parent);

        var parked = await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(scene.Now.AddDays(1)));

        Assert.Equal(scene.Now, parked.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_counts_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommitAsync(Waking(children[0]), Waking(children[1]));
        await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));
        var due = scene.Now.AddDays(2);

        var again = await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(due));

        Assert.Equal(due, again.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_of_a_parked_parent_counts_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));
        await scene.CommittedAsync(Waking(children[0]));
        var due = scene.Now.AddDays(2);

        var again = await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(due));

        Assert.Equal(due, again.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_does_not_affect_a_parent_that_awaits_all_its_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        var parked = await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(Waking(children[0]));

        A.Same(parked with { OpenChildren = 1 }, await scene.AgainAsync(parent));
        Assert.Equal(HistoryKind.ChildWoke, (await scene.HistoryAsync(parent))[^1].Entry.Kind);
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_does_not_make_a_parent_due_that_then_awaits_its_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(Waking(children[0]));

        var parked = await scene.CommittedAsync((await scene.AgainAsync(parent)).AwaitsItsChildren());

        Assert.Null(parked.NextActivation);
        Assert.True(parked.AwaitsChildren);
    }

    [Theory, OnEveryStore]
    public async Task The_last_child_can_finish_and_wake_in_one_step(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());

        await scene.CommittedAsync(Waking(children[0]));

        var due = await scene.ClaimedAsync();
        Assert.Equal((parent.Id, false), (due.Id, due.AwaitsChildren));
    }

    [Theory, OnEveryStore]
    public async Task A_parent_in_a_manual_state_keeps_the_wake_and_a_final_one_drops_it(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        var waiting = await scene.CommittedAsync(parent.WaitsForAPerson());
        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });
        A.Same(waiting with { Woken = true }, await scene.AgainAsync(parent));

        await scene.MoveAsync(parent, A.Move("Over", WorkflowStatus.Cancelled));
        var over = await scene.AgainAsync(parent);
        await scene.CommittedAsync(children[1].GoesTo("Half") with { WakesParent = true });
        Assert.Equal(over, await scene.AgainAsync(parent));
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_without_a_parent_wakes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var result = await scene.CommitAsync(Waking(await scene.RunningAsync("alone")));

        Assert.Equal(EventVerdict.Committed, result.Events[0].Verdict);
        Assert.Single(result.Changes);
    }

    private static Step Waking(WorkflowRecord child) => child.Finishes() with { WakesParent = true };
}
