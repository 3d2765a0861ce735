using GopherFlow.Conformance.Setting;
using GopherFlow.Storage.Sql;

namespace GopherFlow.Conformance;

/// <summary>What one process commits is written down for the others that listen.</summary>
public sealed class ChangeLogTests : StoreContract
{
    private static readonly TimeSpan Tenure = TimeSpan.FromSeconds(15);

    [Theory, OnEveryStore]
    public async Task A_listener_reads_what_another_process_commits_in_every_way(StoreKind kind)
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
    public async Task A_step_and_its_children_are_read_with_the_ids_that_they_have(StoreKind kind)
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
    public async Task Nothing_is_written_while_nobody_listens(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        await scene.CreateAsync(A.Workflow("nobody"));
        await scene.ClaimAsync();
        Assert.Empty(await PositionsAsync(scene.Store));

        // A process hears its own changes without the log.
        await scene.Store.Changes.ListenAsync(Tenure, Stop);
        await scene.CreateAsync(A.Workflow("itself"));
        Assert.Empty(await PositionsAsync(scene.Store));

        var other = await ListeningAsync(scene);
        await scene.CreateAsync(A.Workflow("another"));
        Assert.Single(await PositionsAsync(scene.Store));

        await other.Changes.StopListeningAsync(Stop);
        Noticed(scene);
        await scene.CreateAsync(A.Workflow("nobody again"));
        Assert.Single(await PositionsAsync(scene.Store));
    }

    [Theory, OnEveryStore]
    public async Task Nothing_is_written_for_one_who_has_not_said_for_long_that_he_listens(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var other = await ListeningAsync(scene);
        Assert.True(await other.Changes.ListenAsync(Tenure, Stop));

        scene.Pass(Tenure.TotalSeconds + 1);
        Noticed(scene);
        await scene.CreateAsync(A.Workflow("late"));

        Assert.Empty(await PositionsAsync(scene.Store));
        Assert.False(await other.Changes.ListenAsync(Tenure, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Ones_own_entries_are_known_and_hold_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await ListeningAsync(scene);

        await scene.CreateAsync(A.Workflow("one"));

        var page = await scene.Store.Changes.ReadAsync(0, 0, 10, Stop);
        Assert.Empty(Assert.Single(page.Entries).Changes);
    }

    [Theory, OnEveryStore]
    public async Task What_is_rolled_back_is_in_no_entry(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        Assert.SkipUnless(scene.HasDatabase, "There is no callback without a database.");
        var other = await ListeningAsync(scene);
        var workflow = await scene.RunningAsync("one");

        await scene.WriteAsync(
            [],
            [
                workflow.GoesTo("Pay").ToEvent() with
                {
                    OnCommit = (_, _, _) => throw new InvalidOperationException("It is not to be."),
                },
            ]
        );
        await scene.CommittedAsync(workflow.GoesTo("Ship"));

        Assert.Equal([A.FirstState, "Ship"], (await ReadAsync(other)).Select(change => change.State));
    }

    [Theory, OnEveryStore]
    public async Task A_page_has_a_limit_and_says_what_was_read_before(StoreKind kind)
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
    public async Task Entries_are_kept_for_a_minute_and_their_positions_are_not_given_again(StoreKind kind)
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
        Noticed(scene);
        await scene.CreateAsync(A.Workflow("new"));
        Assert.True(Assert.Single(await PositionsAsync(other)) > old);
    }

    /// <summary>Another process, which listens and of which the first one knows.</summary>
    private static async Task<IWorkflowStore> ListeningAsync(Scene scene)
    {
        var other = await scene.AnotherStoreAsync();
        Assert.False(await other.Changes.ListenAsync(Tenure, Stop));
        Noticed(scene);
        return other;
    }

    /// <summary>What the process has seen of who listens is too old by now to be relied on.</summary>
    private static void Noticed(Scene scene) => (scene.Store as SqlStore)?.Audience?.Forget();

    private static async Task<List<WorkflowChange>> ReadAsync(IWorkflowStore store) =>
        [.. (await store.Changes.ReadAsync(0, 0, 1000, Stop)).Entries.SelectMany(entry => entry.Changes)];

    private static async Task<IReadOnlyList<long>> PositionsAsync(IWorkflowStore store) =>
        (await store.Changes.ReadAsync(0, long.MaxValue, 1, Stop)).Known;
}
