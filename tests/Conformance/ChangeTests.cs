using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Every method that changes workflows returns the changed ones and their changes.</summary>
public sealed class ChangeTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Changes_of_creates(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var result = await scene.CreateAsync(
            A.Workflow("due later") with
            {
                NextActivation = scene.Now.AddHours(1),
                ExecutorGroup = "slow",
            },
            A.Workflow("claimed") with
            {
                ClaimedBy = scene.Executor,
            }
        );

        await AssertMatchAsync(scene, result.Changes, (result.Creates[0].Id, null), (result.Creates[1].Id, null));
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_claims_releases_and_repairs(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var dead = await scene.RegisterAsync("dead", TimeSpan.FromSeconds(15));
        var one = (await scene.CreatedAsync("one")).Id;
        var two = (await scene.CreatedAsync("two")).Id;
        scene.Pass(seconds: 1);

        var claim = await scene.ClaimAsync(A.Claim(dead, scene.Now));
        await AssertMatchAsync(scene, claim.Changes, (one, A.FirstState), (two, A.FirstState));

        scene.Pass(seconds: 1);
        var released = await scene.HandBackAsync(claim.Claimed[1]);
        await AssertMatchAsync(scene, released, (two, A.FirstState));

        scene.Pass(seconds: 60);
        await AssertMatchAsync(scene, await scene.RepairAsync(), (one, A.FirstState));
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_steps_with_every_outcome(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        Func<WorkflowRecord, Step>[] outcomes =
        [
            before => before.GoesTo("Pay"),
            before => before.ParksUntil(scene.Now.AddHours(1)),
            before => before.AwaitsItsChildren(),
            before => before.WaitsForAPerson(),
            before => before.RetriesAfter(TimeSpan.FromSeconds(10)),
            before => before.Finishes(),
            before => before.GivesUp(),
        ];
        foreach (var (number, outcome) in outcomes.Index())
        {
            var before = await scene.RunningAsync($"order-{number}");
            scene.Pass(seconds: 1);

            var result = await scene.CommitAsync(outcome(before));

            await AssertMatchAsync(scene, result.Changes, (before.Id, A.FirstState));
        }
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_a_step_with_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("parent");

        var result = await scene.CommitAsync(
            before.AwaitsItsChildren() with
            {
                Children = [A.Workflow("1"), A.Workflow("2") with { ClaimedBy = scene.Executor }],
            }
        );

        var children = await scene.Store.ChildrenAsync(new ChildSearch(before.Id), Stop);
        await AssertMatchAsync(
            scene,
            result.Changes,
            (before.Id, A.FirstState),
            (children[0].Id, null),
            (children[1].Id, null)
        );
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_the_last_child_and_the_parent_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        var first = await scene.CommitAsync(children[0].Finishes());
        await AssertMatchAsync(scene, first.Changes, (children[0].Id, A.FirstState), (parent.Id, "Join"));

        var last = await scene.CommitAsync(children[1].Finishes());
        await AssertMatchAsync(scene, last.Changes, (children[1].Id, A.FirstState), (parent.Id, "Join"));
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_a_wake_and_the_parent_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);

        var kept = await scene.CommitAsync(children[0].Finishes() with { WakesParent = true });
        // The wake kept by the parent is written after its count, and is not published.
        var counted = kept.Changes[1] with
        {
            Revision = kept.Changes[1].Revision + 1,
        };
        await AssertMatchAsync(scene, [kept.Changes[0], counted], (children[0].Id, A.FirstState), (parent.Id, "Split"));

        var parked = await scene.CommitAsync(parent.ParksUntil(scene.Now.AddDays(1)));
        await AssertMatchAsync(scene, parked.Changes, (parent.Id, "Split"));

        await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(scene.Now.AddDays(1)));
        scene.Pass(seconds: 1);
        var heeded = await scene.CommitAsync(children[1].GoesTo("Half") with { WakesParent = true });
        await AssertMatchAsync(scene, heeded.Changes, (children[1].Id, A.FirstState), (parent.Id, "Parked"));
    }

    [Theory, OnEveryStore]
    public async Task A_change_of_the_parent_has_its_new_count_when_a_child_finishes(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));

        var result = await scene.CommitAsync(children[0].Finishes());

        await AssertMatchAsync(scene, result.Changes, (children[0].Id, A.FirstState), (parent.Id, "Parked"));
        Assert.Equal(0, result.Changes[1].OpenChildren);
    }

    [Theory, OnEveryStore]
    public async Task Changes_by_hand(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        var set = await scene.SetVariableAsync(workflow, "a", "1");
        await AssertMatchAsync(scene, set.Changes, (workflow.Id, A.FirstState));

        scene.Pass(seconds: 1);
        set = await scene.SetVariableAsync(workflow, "a", "2");
        await AssertMatchAsync(scene, set.Changes, (workflow.Id, A.FirstState));

        var moved = await scene.MoveAsync(workflow, A.Move("Approve", WorkflowStatus.Waiting));
        await AssertMatchAsync(scene, moved.Changes, (workflow.Id, A.FirstState));
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_a_child_ended_by_hand_and_the_parent_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        var moved = await scene.MoveAsync(children[0], A.Move("Over", WorkflowStatus.Cancelled));

        await AssertMatchAsync(scene, moved.Changes, (children[0].Id, A.FirstState), (parent.Id, "Join"));
    }

    /// <summary>Asserts that the changes cover these workflows in this order, with their stored values and their previous states.</summary>
    private static async Task AssertMatchAsync(
        Scene scene,
        IReadOnlyList<WorkflowChange> changes,
        params (long Id, string? PreviousState)[] told
    )
    {
        var expected = new List<WorkflowChange>();
        foreach (var (id, previousState) in told)
        {
            expected.Add(WorkflowChange.To(await scene.FindAsync(id), previousState));
        }

        Assert.Equal(expected, changes);
    }
}
