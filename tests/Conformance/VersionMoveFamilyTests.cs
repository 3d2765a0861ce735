using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>A version move keeps families consistent, also with concurrent writes.</summary>
public sealed class VersionMoveFamilyTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_parent_that_awaits_its_children_keeps_waiting_and_is_still_woken(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(parent.AwaitsItsChildren());
        await scene.CommittedAsync(children[0].Finishes());

        await scene.MoveVersionAsync(A.VersionMove(A.Stays("Join")));

        var moved = await scene.AgainAsync(parent);
        Assert.Equal((A.NextVersion, true, 1), (moved.Version, moved.AwaitsChildren, moved.OpenChildren));
        scene.Pass(seconds: 1);
        await scene.CommittedAsync(children[1].Finishes());
        A.Same(
            moved with
            {
                AwaitsChildren = false,
                OpenChildren = 0,
                NextActivation = scene.Now,
                Modified = scene.Now,
            },
            await scene.AgainAsync(parent)
        );
    }

    [Theory, OnEveryStore]
    public async Task A_kept_wake_is_consumed_when_the_move_makes_the_parent_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        await scene.MoveVersionAsync(A.VersionMove(A.Stays("Split")));

        Assert.Equal(scene.Now, (await scene.AgainAsync(parent)).NextActivation);
        var again = Assert.Single((await scene.ClaimAsync(OfNextVersion(scene))).Claimed);
        var later = scene.Now.AddDays(1);
        Assert.Equal(later, (await scene.CommittedAsync(again.ParksUntil(later))).NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task A_wake_kept_for_a_paused_parent_stays(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.MoveAsync(parent, A.Move("Split", WorkflowStatus.Paused));
        await scene.CommittedAsync(children[0].GoesTo("Half") with { WakesParent = true });

        await scene.MoveVersionAsync(A.VersionMove(A.Stays("Split")));

        var paused = await scene.AgainAsync(parent);
        Assert.Equal((WorkflowStatus.Paused, null), (paused.Status, paused.NextActivation));
        await scene.MoveAsync(paused, A.Move("Split") with { Due = scene.Now });
        Assert.Single((await scene.ClaimAsync(OfNextVersion(scene))).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task A_child_moved_to_another_version_stays_an_open_child(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 1);
        await scene.CommittedAsync(parent.AwaitsItsChildren());

        await scene.MoveVersionAsync(A.VersionMove(A.Stays(A.FirstState)));

        Assert.Equal(1, (await scene.AgainAsync(parent)).OpenChildren);
        var child = Assert.Single((await scene.ClaimAsync(OfNextVersion(scene))).Claimed);
        Assert.Equal(children[0].Id, child.Id);
        await scene.CommittedAsync(child.Finishes());
        Assert.Equal((0, scene.Now), await JoinedAsync(scene, parent));
    }

    [Theory, OnEveryStore]
    public async Task Concurrent_claims_commits_and_moves_lose_no_workflow(StoreKind kind)
    {
        const int Workflows = 120;
        var scene = await OpenAsync(kind);
        var other = await scene.AnotherStoreAsync();
        await scene.CreateAsync([.. Enumerable.Range(0, Workflows).Select(number => A.Workflow($"{number}"))]);
        var claiming = Task.Run(() => RunAllAsync(scene, scene.Store), Stop);
        var claimingToo = Task.Run(() => RunAllAsync(scene, other), Stop);
        var move = A.VersionMove(A.Stays(A.FirstState), A.Stays("Next"));
        var moved = new HashSet<long>();
        await Task.WhenAll(Task.Run(MoveAllAsync, Stop), Task.Run(MoveAllAsync, Stop));

        await claiming;
        await claimingToo;

        var all = await scene.SearchAsync(new WorkflowSearch { Limit = 1000 });
        Assert.Equal(Workflows, all.Count);
        Assert.All(all, workflow => Assert.Equal(moved.Contains(workflow.Id) ? "v2" : "v1", workflow.Version));
        Assert.All(all, workflow => Assert.True(workflow.Version == "v2" || workflow.Status.IsFinal()));

        async Task MoveAllAsync()
        {
            await foreach (var page in Scene.UnfinishedAsync(other, A.Of(A.Type), page: 7))
            {
                var events = page.Select(id => new EventFor(id, move)).ToList();
                var written = await other.WriteAsync(new WriteBatch([], events, ExecutorId: null, scene.Now), Stop);
                lock (moved)
                {
                    Assert.All(written.Changes, change => Assert.True(moved.Add(change.Id), "moved twice"));
                }
            }
        }
    }

    /// <summary>Runs the workflows on the first version to their end, in two steps.</summary>
    private static async Task RunAllAsync(Scene scene, IWorkflowStore store)
    {
        while (true)
        {
            var claimed = (await store.ClaimAsync(A.Claim(scene.Executor, scene.Now) with { Limit = 5 }, Stop)).Claimed;
            if (claimed.Count == 0)
            {
                return;
            }

            await WriteAsync([.. claimed.Select(row => row.GoesTo("Next"))]);
            var running = new List<WorkflowRecord>();
            foreach (var row in claimed)
            {
                running.Add((await store.FindAsync(row.Id, Stop))!);
            }

            await WriteAsync([.. running.Where(row => row.ExecutorId is not null).Select(row => row.Finishes())]);
        }

        Task WriteAsync(Step[] steps) =>
            store.WriteAsync(
                new WriteBatch([], [.. steps.Select(step => step.ToEvent())], scene.Executor, scene.Now),
                Stop
            );
    }

    private static async Task<(int, DateTimeOffset?)> JoinedAsync(Scene scene, WorkflowRecord parent)
    {
        var after = await scene.AgainAsync(parent);
        return (after.OpenChildren, after.NextActivation);
    }

    private static ClaimRequest OfNextVersion(Scene scene) =>
        A.Claim(scene.Executor, scene.Now) with
        {
            Definitions = [new(A.Type, A.NextVersion)],
        };
}
