using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Conformance;

/// <summary>Commits of one process are logged for other processes that listen.</summary>
public sealed class ChangeLogTests : StoreContract
{
    private static readonly TimeSpan Tenure = TimeSpan.FromSeconds(15);

    [Theory, OnEveryStore]
    public async Task A_listener_reads_every_kind_of_commit_of_another_process(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        var changes = new List<WorkflowChange>();

        var created = await scene.CreateAsync(A.Workflow("one"), A.Workflow("two"), A.Workflow("three"));
        changes.AddRange(created.Changes);
        var claim = await scene.ClaimAsync();
        changes.AddRange(claim.Changes);
        changes.AddRange((await scene.CommitAsync(claim.Claimed[0].GoesTo("Pay"))).Changes);
        var (first, second) = (claim.Claimed[1], claim.Claimed[2]);
        changes.AddRange(
            (await scene.CommitAsync(first.AwaitsItsChildren() with { Children = [A.Workflow("child")] })).Changes
        );
        changes.AddRange(await scene.HandBackAsync(second));
        changes.AddRange((await scene.MoveAsync(second, A.Move("Approve", WorkflowStatus.Waiting))).Changes);
        scene.Pass(seconds: 60 * 60 * 24 * 2);
        await other.Changes.ListenAsync(Tenure, Stop);
        changes.AddRange(await scene.RepairAsync());

        Assert.Equal(3 + 3 + 1 + 2 + 1 + 1, changes.Count - 1);
        Assert.Equal(changes, await ReadAsync(other));
    }

    [Theory, OnEveryStore]
    public async Task A_step_and_its_children_are_read_with_their_ids(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        var parent = await scene.RunningAsync("parent");

        var result = await scene.WriteAsync(
            [A.Workflow("beside") with { NextActivation = scene.Now.AddHours(1) }],
            [(parent.AwaitsItsChildren() with { Children = [A.Workflow("a"), A.Workflow("b")] }).ToEvent()]
        );

        Assert.Equal(result.Changes, (await ReadAsync(other)).Skip(1));
        var family = (await ReadAsync(other)).Where(change => change.ParentWorkflowId == parent.Id);
        Assert.Equal(
            (await scene.Store.ChildrenAsync(new ChildSearch(parent.Id), Stop)).Select(child => child.Id),
            family.Select(change => change.Id)
        );
    }

    [Theory, OnEveryStore]
    public async Task Nothing_is_logged_without_a_listener(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        await scene.CreateAsync(A.Workflow("nobody"));
        await scene.ClaimAsync();
        Assert.Empty(await PositionsAsync(scene.Store));

        // A process receives its own changes without the log.
        await scene.Store.Changes.ListenAsync(Tenure, Stop);
        await scene.CreateAsync(A.Workflow("itself"));
        Assert.Empty(await PositionsAsync(scene.Store));

        var other = await ListeningAsync(scene);
        await scene.CreateAsync(A.Workflow("another"));
        Assert.Single(await PositionsAsync(scene.Store));

        await other.Changes.StopListeningAsync(Stop);
        ForgetListeners(scene);
        await scene.CreateAsync(A.Workflow("nobody again"));
        Assert.Single(await PositionsAsync(scene.Store));
    }

    [Theory, OnEveryStore]
    public async Task Nothing_is_logged_for_an_expired_listener(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        Assert.True(await other.Changes.ListenAsync(Tenure, Stop));

        scene.Pass(Tenure.TotalSeconds + 1);
        ForgetListeners(scene);
        await scene.CreateAsync(A.Workflow("late"));

        Assert.Empty(await PositionsAsync(scene.Store));
        Assert.False(await other.Changes.ListenAsync(Tenure, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Own_entries_are_read_without_changes(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await ListeningAsync(scene);

        await scene.CreateAsync(A.Workflow("one"));

        var page = await scene.Store.Changes.ReadAsync(0, 0, 10, Stop);
        Assert.Empty(Assert.Single(page.Entries).Changes);
    }

    [Theory, OnEveryStore]
    public async Task A_rolled_back_change_is_not_logged(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        Assert.SkipUnless(scene.HasDatabase, "Callbacks need a database.");
        var other = await ListeningAsync(scene);
        var workflow = await scene.RunningAsync("one");

        await scene.WriteAsync(
            [],
            [
                workflow.GoesTo("Pay").ToEvent() with
                {
                    OnCommit = (_, _, _) => throw new InvalidOperationException("rolled back on purpose"),
                },
            ]
        );
        await scene.CommittedAsync(workflow.GoesTo("Ship"));

        Assert.Equal([A.FirstState, "Ship"], (await ReadAsync(other)).Select(change => change.State));
    }

    [Theory, OnEveryStore]
    public async Task A_page_has_a_limit_and_lists_positions_read_before(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        foreach (var number in Enumerable.Range(1, 5))
        {
            await scene.CreateAsync(A.Workflow($"{number}"));
        }

        var positions = await PositionsAsync(other);
        var page = await other.Changes.ReadAsync(positions[0], positions[2], 1, Stop);

        Assert.Equal(positions.Take(1..3), page.Known);
        Assert.Equal(positions[3], Assert.Single(page.Entries).Position);
    }

    [Theory, OnEveryStore]
    public async Task Entries_are_kept_for_a_minute_and_positions_are_never_reused(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        await scene.CreateAsync(A.Workflow("old"));
        var old = Assert.Single(await PositionsAsync(other));

        scene.Pass(IChangeLog.Kept.TotalSeconds);
        await scene.Store.Changes.ForgetAsync(Stop);
        Assert.Equal([old], await PositionsAsync(other));

        scene.Pass(seconds: 1);
        await scene.Store.Changes.ForgetAsync(Stop);
        Assert.Empty(await PositionsAsync(other));

        await other.Changes.ListenAsync(Tenure, Stop);
        ForgetListeners(scene);
        await scene.CreateAsync(A.Workflow("new"));
        Assert.True(Assert.Single(await PositionsAsync(other)) > old);
    }

    /// <summary>Another process that listens, which the first process knows.</summary>
    private static async Task<IWorkflowStore> ListeningAsync(Scene scene)
    {
        var other = await scene.AnotherStoreAsync();
        Assert.False(await other.Changes.ListenAsync(Tenure, Stop));
        ForgetListeners(scene);
        return other;
    }

    /// <summary>Expires the cached list of listeners.</summary>
    private static void ForgetListeners(Scene scene) => (scene.Store as SqlStore)?.Audience?.Forget();

    private static async Task<List<WorkflowChange>> ReadAsync(IWorkflowStore store) =>
        [.. (await store.Changes.ReadAsync(0, 0, 1000, Stop)).Entries.SelectMany(entry => entry.Changes)];

    private static async Task<IReadOnlyList<long>> PositionsAsync(IWorkflowStore store) =>
        (await store.Changes.ReadAsync(0, long.MaxValue, 1, Stop)).Known;
}
