using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>A parent that awaits its children is due when none is open, in any order of the commits.</summary>
public sealed class JoinTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_parent_that_awaits_open_children_is_parked_without_a_due_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, _) = await scene.FamilyAsync(children: 2);
        scene.Pass(seconds: 1);

        var parked = await scene.CommittedAsync(parent.AwaitsItsChildren());

        A.Same(
            parent with
            {
                State = "Join",
                Status = WorkflowStatus.InProgress,
                Step = 2,
                ExecutionCount = 2,
                ExecutorId = null,
                AwaitsChildren = true,
                Modified = scene.Now,
            },
            parked
        );
        scene.Pass(seconds: 1_000_000);
        Assert.DoesNotContain(parent.Id, (await scene.ClaimAsync()).Claimed.Select(row => row.Id));
    }

    [Theory, OnEveryStore]
    public async Task A_parent_that_awaits_children_but_has_none_is_due_at_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("childless");
        scene.Pass(seconds: 1);

        var parked = await scene.CommittedAsync(running.AwaitsItsChildren());

        Assert.Equal((WorkflowStatus.InProgress, false), (parked.Status, parked.AwaitsChildren));
        Assert.Equal(scene.Now, parked.NextActivation);
        Assert.Equal("Join", (await scene.ClaimedAsync()).State);
    }

    [Theory, OnEveryStore]
    public async Task One_step_can_create_children_and_await_them(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("parent");

        var parked = await scene.CommittedAsync(
            running.AwaitsItsChildren() with
            {
                Children = [A.Workflow("child") with { ClaimedBy = scene.Executor }],
            }
        );

        Assert.Equal((true, 1), (parked.AwaitsChildren, parked.OpenChildren));
        Assert.Null(parked.NextActivation);
        await scene.CommittedAsync(
            Assert.Single(await scene.Store.ChildrenAsync(new ChildSearch(parked.Id), Stop)).Finishes()
        );
        Assert.Equal(parked.Id, (await scene.ClaimedAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task Only_the_last_child_makes_the_parent_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        var parked = await scene.CommittedAsync(parent.AwaitsItsChildren());
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(children[0].Finishes());
        A.Same(parked with { OpenChildren = 1 }, await scene.AgainAsync(parked));

        scene.Pass(seconds: 1);
        await scene.CommittedAsync(children[1].GivesUp());
        A.Same(
            parked with
            {
                OpenChildren = 0,
                AwaitsChildren = false,
                NextActivation = scene.Now,
                Modified = scene.Now,
            },
            await scene.AgainAsync(parked)
        );
    }

    [Theory, OnEveryStore]
    public async Task In_any_order_of_commits_the_parent_is_due_after_all_of_them(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var count in (int[])[2, 3])
        {
            foreach (var order in OrdersOf([.. Enumerable.Range(0, count + 1)]))
            {
                await AssertJoinsAsync(scene, count, order, inOneBatch: false);
                await AssertJoinsAsync(scene, count, order, inOneBatch: true);
            }
        }
    }

    [Theory, OnEveryStore]
    public async Task A_child_cancelled_by_hand_counts_as_finished(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());

        await scene.MoveAsync(children[0], A.Move("Start", WorkflowStatus.Cancelled));

        Assert.Equal(parent.Id, (await scene.ClaimedAsync()).Id);
    }

    [Theory, OnEveryStore]
    public async Task A_parent_moved_by_hand_no_longer_awaits_its_children(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        var due = scene.Now.AddDays(1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        await scene.MoveAsync(parent, A.Move("Later") with { Due = due });

        await scene.CommittedAsync(children[0].Finishes());

        var moved = await scene.AgainAsync(parent);
        Assert.Equal((false, 0), (moved.AwaitsChildren, moved.OpenChildren));
        Assert.Equal(due, moved.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_failed_attempt_of_the_joining_state_is_retried_at_its_due_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(children[0].Finishes());
        var delay = TimeSpan.FromMinutes(1);

        var retried = await scene.CommittedAsync((await scene.AgainAsync(parent)).RetriesAfter(delay));
        await scene.CommittedAsync(children[1].Finishes());

        Assert.Equal((1, false), (retried.OpenChildren, retried.AwaitsChildren));
        Assert.Equal(scene.Now + delay, (await scene.AgainAsync(parent)).NextActivation);
    }

    /// <summary>Number 0 is the parent, which parks. The other numbers are children, which finish.</summary>
    private static async Task AssertJoinsAsync(Scene scene, int count, IReadOnlyList<int> order, bool inOneBatch)
    {
        var name = $"{string.Join('-', order)} {(inOneBatch ? "together" : "apart")}";
        var (parent, children) = await scene.FamilyAsync(count, $"parent {name}", $"child {name}");
        Step[] steps = [.. order.Select(who => who == 0 ? parent.AwaitsItsChildren() : children[who - 1].Finishes())];
        foreach (var batch in inOneBatch ? [steps] : steps.Select(step => new[] { step }))
        {
            Assert.Empty((await scene.ClaimAsync()).Claimed);
            var result = await scene.CommitAsync(batch);
            Assert.All(result.Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
        }

        await StoreInvariants.CheckAsync(scene.Store);
        var due = await scene.ClaimedAsync();
        Assert.Equal((parent.Id, "Join", 0), (due.Id, due.State, due.OpenChildren));
    }

    private static IEnumerable<IReadOnlyList<int>> OrdersOf(IReadOnlyList<int> numbers) =>
        numbers.Count == 0
            ?
            [
                [],
            ]
            : numbers.SelectMany(first =>
                OrdersOf([.. numbers.Where(number => number != first)])
                    .Select(rest => (IReadOnlyList<int>)[first, .. rest])
            );
}
