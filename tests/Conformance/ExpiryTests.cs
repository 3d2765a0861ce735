using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Workflows that ended long ago are found and deleted.</summary>
public sealed class ExpiryTests : StoreContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory, OnEveryStore]
    public async Task An_expired_workflow_is_deleted_with_all_its_data(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var old = await scene.RunningAsync("old");
        await scene.HappensAsync(old.Id, A.Signal("paid", "key"));
        old = await scene.CommittedAsync((await scene.AgainAsync(old)).Finishes() with { StateVars = """{"a":1}""" });
        scene.Pass(Day.TotalSeconds);
        var young = await EndedAsync(scene, "young");

        var found = Assert.Single(await FindAsync(scene));
        Assert.Equal(
            new ExpiredWorkflow(old.Id, old.Revision, A.Type, WorkflowStatus.Finished, old.Finished!.Value, false),
            found
        );
        Assert.Equal(1, await DeleteAsync(scene, found));

        Assert.Null(await scene.Store.FindAsync(old.Id, Stop));
        Assert.Null(await scene.Store.FindByExternalIdAsync("old", Stop));
        Assert.Empty(await scene.HistoryAsync(old));
        Assert.Empty(await scene.Store.SignalsAsync(new SignalSearch(old.Id), Stop));
        Assert.Equal(young, await scene.AgainAsync(young));
        Assert.NotEmpty(await scene.HistoryAsync(young));
        Assert.Equal([new(A.Type, A.Version, "Done", WorkflowStatus.Finished, 1)], await scene.Store.CountsAsync(Stop));
        Assert.False((await scene.CreateAsync(A.Workflow("old"))).Creates[0].Existed);
    }

    [Theory, OnEveryStore]
    public async Task Every_final_workflow_is_found_and_no_unfinished_one(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var all = await scene.OneOfEachStatusAsync();
        scene.Pass(Day.TotalSeconds);

        var found = await FindAsync(scene);

        Assert.Equal(
            all.Where(row => row.Status.IsFinal()).Select(row => (row.Id, row.Status)),
            found.Select(row => (row.Id, row.Status))
        );
    }

    [Theory, OnEveryStore]
    public async Task Pages_skip_no_workflow_that_ended_at_the_same_instant(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var ids = new List<long>();
        foreach (var number in Enumerable.Range(1, 7))
        {
            ids.Add((await EndedAsync(scene, $"{number}")).Id);
            scene.Pass((number % 3 == 0 ? Day : TimeSpan.Zero).TotalSeconds);
        }

        scene.Pass(Day.TotalSeconds);
        var walked = new List<long>();
        for (var after = ExpiryPosition.First; ; )
        {
            var page = await scene.Store.FindExpiredAsync(new ExpiredSearch(Day, after, Limit: 2), Stop);
            walked.AddRange(page.Select(row => row.Id));
            if (page.Count < 2)
            {
                break;
            }

            after = page[^1].Position;
        }

        Assert.Equal(ids, walked);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_expires_at_the_last_instant_of_its_retention(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var ended = await EndedAsync(scene, "one");
        scene.Pass((Day - TimeSpan.FromMicroseconds(1)).TotalSeconds);
        Assert.Empty(await FindAsync(scene));

        scene.Pass((TimeSpan.FromMicroseconds(1)).TotalSeconds);

        Assert.Equal(ended.Id, Assert.Single(await FindAsync(scene)).Id);
    }

    /// <summary>Uses the real clock of the database.</summary>
    [Theory, OnEveryStore]
    public async Task Age_is_measured_by_the_clock_of_the_database(StoreKind kind)
    {
        await using var database = await TestStore.OpenAsync(kind);
        var store = database.Workflows;
        var now = (await store.RegisterExecutorAsync(A.Executor("one"), Stop)).Now;
        var created = await store.WriteAsync(
            new WriteBatch([A.Workflow("one")], [], ExecutorId: null, now - Day),
            Stop
        );
        await store.WriteAsync(
            new WriteBatch([], [new EventFor(created.Creates[0].Id, new Cancelled("ann"))], null, now - Day),
            Stop
        );

        Assert.Single(await store.FindExpiredAsync(new(Day, ExpiryPosition.First, 10), Stop));
        Assert.Empty(await store.FindExpiredAsync(new(2 * Day, ExpiryPosition.First, 10), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_child_stays_until_its_parent_has_ended(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(2);
        await scene.CommitAsync(children[0].Finishes(), children[1].Finishes());
        scene.Pass(Day.TotalSeconds);

        var needed = await FindAsync(scene);
        Assert.Equal([true, true], needed.Select(row => row.IsNeeded));
        Assert.Equal(0, await DeleteAsync(scene, [.. needed]));

        await scene.CommittedAsync((await scene.AgainAsync(parent)).Finishes());
        var free = await FindAsync(scene);
        Assert.Equal([false, false], free.Select(row => row.IsNeeded));
        Assert.Equal(2, await DeleteAsync(scene, [.. free]));
        Assert.Empty(await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_parent_stays_until_its_children_have_ended(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(1);
        await scene.CommittedAsync(parent.Finishes());
        scene.Pass(Day.TotalSeconds);

        Assert.True(Assert.Single(await FindAsync(scene)).IsNeeded);

        await scene.CommittedAsync((await scene.AgainAsync(children[0])).Finishes());
        var free = Assert.Single(await FindAsync(scene));
        Assert.False(free.IsNeeded);
        Assert.Equal(1, await DeleteAsync(scene, free));
        Assert.Equal(parent.Id, (await scene.AgainAsync(children[0])).ParentWorkflowId);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_reopened_meanwhile_stays(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var ended = await EndedAsync(scene, "one");
        var again = await EndedAsync(scene, "two");
        scene.Pass(Day.TotalSeconds);
        var found = await FindAsync(scene);

        await scene.MoveAsync(ended, A.Move(A.FirstState));
        await scene.MoveAsync(again, A.Move("Done", WorkflowStatus.Finished));

        Assert.Equal(0, await DeleteAsync(scene, [.. found]));
        Assert.Equal(WorkflowStatus.InProgress, (await scene.AgainAsync(ended)).Status);
        Assert.Equal(scene.Now, (await scene.AgainAsync(again)).Finished);
        Assert.NotEmpty(await scene.HistoryAsync(ended));
    }

    [Theory, OnEveryStore]
    public async Task The_child_of_a_parent_reopened_meanwhile_stays(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(1);
        await scene.CommittedAsync(children[0].Finishes());
        await scene.CommittedAsync((await scene.AgainAsync(parent)).Finishes());
        scene.Pass(Day.TotalSeconds);
        var found = await FindAsync(scene);

        await scene.MoveAsync(parent, A.Move(A.FirstState));

        Assert.Equal(0, await DeleteAsync(scene, found.Single(row => row.Id == children[0].Id)));
        Assert.Equal(
            children[0].Id,
            Assert.Single(await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop)).Id
        );
    }

    [Theory, OnEveryStore]
    public async Task Two_concurrent_deletes_of_the_same_workflows_delete_them_once(StoreKind kind)
    {
        const int workflows = 60;
        var scene = await OpenAsync(kind);
        var running = new List<WorkflowRecord>();
        foreach (var number in Enumerable.Range(1, workflows))
        {
            running.Add(await scene.RunningAsync($"{number}"));
        }

        await scene.CommitAsync([.. running.Select(row => row.Finishes())]);
        scene.Pass(Day.TotalSeconds);
        var found = await FindAsync(scene, workflows);
        IWorkflowStore[] stores = [scene.Store, await scene.AnotherStoreAsync()];

        var deleted = 0;
        for (var round = 0; round < 5 && deleted < workflows; round++)
        {
            var both = await Task.WhenAll(
                stores.Select(store => Task.Run(() => store.DeleteExpiredAsync(found, Stop)))
            );
            deleted += both.Sum();
        }

        Assert.Equal(workflows, deleted);
        Assert.Empty(await FindAsync(scene));
        Assert.Empty(await scene.Store.CountsAsync(Stop));
    }

    [Theory, OnEveryStore]
    public async Task Deleting_nothing_is_no_error(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var gone = new ExpiredWorkflow(4711, 1, A.Type, WorkflowStatus.Finished, scene.Now, IsNeeded: false);

        Assert.Equal(0, await DeleteAsync(scene));
        Assert.Equal(0, await DeleteAsync(scene, gone));
    }

    private static async Task<WorkflowRecord> EndedAsync(Scene scene, string externalId) =>
        await scene.CommittedAsync((await scene.RunningAsync(externalId)).Finishes());

    private static Task<IReadOnlyList<ExpiredWorkflow>> FindAsync(Scene scene, int limit = 10) =>
        scene.Store.FindExpiredAsync(new ExpiredSearch(Day, ExpiryPosition.First, limit), Stop);

    private static Task<int> DeleteAsync(Scene scene, params IReadOnlyList<ExpiredWorkflow> expired) =>
        scene.Store.DeleteExpiredAsync(expired, Stop);
}
