using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Every method that changes workflows tells which are different now, and how.</summary>
public sealed class ChangeTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Of_creates(StoreKind kind)
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

        await AssertToldAsync(scene, result.Changes, (result.Creates[0].Id, null), (result.Creates[1].Id, null));
    }

    [Theory, OnEveryStore]
    public async Task Of_claims_hand_backs_and_repairs(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var dead = await scene.RegisterAsync("dead", TimeSpan.FromSeconds(15));
        var one = (await scene.CreatedAsync("one")).Id;
        var two = (await scene.CreatedAsync("two")).Id;
        scene.Pass(seconds: 1);

        var claim = await scene.ClaimAsync(A.Claim(dead, scene.Now));
        await AssertToldAsync(scene, claim.Changes, (one, A.FirstState), (two, A.FirstState));

        scene.Pass(seconds: 1);
        var released = await scene.HandBackAsync(claim.Claimed[1]);
        await AssertToldAsync(scene, released, (two, A.FirstState));

        scene.Pass(seconds: 60);
        await AssertToldAsync(scene, await scene.RepairAsync(), (one, A.FirstState));
    }

    [Theory, OnEveryStore]
    public async Task Of_steps_of_every_outcome(StoreKind kind)
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

            await AssertToldAsync(scene, result.Changes, (before.Id, A.FirstState));
        }
    }

    [Theory, OnEveryStore]
    public async Task Of_a_step_with_children(StoreKind kind)
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
        await AssertToldAsync(
            scene,
            result.Changes,
            (before.Id, A.FirstState),
            (children[0].Id, null),
            (children[1].Id, null)
        );
    }

    [Theory, OnEveryStore]
    public async Task Of_the_last_child_and_the_parent_that_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        var first = await scene.CommitAsync(children[0].Finishes());
        await AssertToldAsync(scene, first.Changes, (children[0].Id, A.FirstState), (parent.Id, "Join"));

        var last = await scene.CommitAsync(children[1].Finishes());
        await AssertToldAsync(scene, last.Changes, (children[1].Id, A.FirstState), (parent.Id, "Join"));
    }

    [Theory, OnEveryStore]
    public async Task Of_a_wake_and_the_parent_that_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);

        var kept = await scene.CommitAsync(children[0].Finishes() with { WakesParent = true });
        // The wake that the parent keeps is written after its count, and told to nobody.
        var counted = kept.Changes[1] with
        {
            Revision = kept.Changes[1].Revision + 1,
        };
        await AssertToldAsync(scene, [kept.Changes[0], counted], (children[0].Id, A.FirstState), (parent.Id, "Split"));

        var parked = await scene.CommitAsync(parent.ParksUntil(scene.Now.AddDays(1)));
        await AssertToldAsync(scene, parked.Changes, (parent.Id, "Split"));

        await scene.CommittedAsync((await scene.ClaimedAsync()).ParksUntil(scene.Now.AddDays(1)));
        scene.Pass(seconds: 1);
        var heeded = await scene.CommitAsync(children[1].GoesTo("Half") with { WakesParent = true });
        await AssertToldAsync(scene, heeded.Changes, (children[1].Id, A.FirstState), (parent.Id, "Parked"));
    }

    [Theory, OnEveryStore]
    public async Task A_parent_is_told_of_with_its_count_when_a_child_finishes(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.ParksUntil(scene.Now.AddDays(1)));

        var result = await scene.CommitAsync(children[0].Finishes());

        await AssertToldAsync(scene, result.Changes, (children[0].Id, A.FirstState), (parent.Id, "Parked"));
        Assert.Equal(0, result.Changes[1].OpenChildren);
    }

    [Theory, OnEveryStore]
    public async Task Of_changes_by_hand(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        var set = await scene.SetVariableAsync(workflow, "a", "1");
        await AssertToldAsync(scene, set.Changes, (workflow.Id, A.FirstState));

        scene.Pass(seconds: 1);
        set = await scene.SetVariableAsync(workflow, "a", "2");
        await AssertToldAsync(scene, set.Changes, (workflow.Id, A.FirstState));

        var moved = await scene.MoveAsync(workflow, A.Move("Approve", WorkflowStatus.Waiting));
        await AssertToldAsync(scene, moved.Changes, (workflow.Id, A.FirstState));
    }

    [Theory, OnEveryStore]
    public async Task Of_a_child_ended_by_hand_and_the_parent_that_it_makes_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        var moved = await scene.MoveAsync(children[0], A.Move("Over", WorkflowStatus.Cancelled));

        await AssertToldAsync(scene, moved.Changes, (children[0].Id, A.FirstState), (parent.Id, "Join"));
    }

    /// <summary>The changes tell of these workflows, in this order, what the store has of them, and the state they had before.</summary>
    private static async Task AssertToldAsync(
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
