using GopherFlow.Conformance.Setting;
using Npgsql;

namespace GopherFlow.Conformance;

/// <summary>Concurrent transactions on PostgreSQL that wait for locks of each other.</summary>
public sealed class PostgresLockTests : PostgresContract
{
    [Fact]
    public async Task Concurrent_writes_to_families_block_each_other_and_lose_nothing()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        WorkflowRecord[] parents = [await RunningAsync(one, "parent-1"), await RunningAsync(one, "parent-2")];
        const int EachHas = 40;
        foreach (var parent in parents)
        {
            var split = parent.AwaitsItsChildren() with
            {
                Children =
                [
                    .. Enumerable
                        .Range(0, EachHas)
                        .Select(number => A.Workflow($"{parent.ExternalId}/{number}") with { ClaimedBy = 1 }),
                ],
            };
            await one.WriteAsync(new WriteBatch([], [split], 1, A.FirstInstant), Stop);
        }

        // Each batch changes both parents, in varying order, on both stores at once.
        var children = new List<WorkflowRecord>();
        foreach (var parent in parents)
        {
            children.AddRange(await one.ChildrenAsync(new ChildSearch(parent.Id), Stop));
        }

        var batches = children.OrderBy(child => child.Id * 7919 % 101).Chunk(4).Index();
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Stop },
            async (batch, stop) =>
            {
                var result = await (batch.Index % 2 == 0 ? one : two).WriteAsync(
                    new WriteBatch([], [.. batch.Item.Select(child => child.Finishes().ToEvent())], 1, A.FirstInstant),
                    stop
                );
                Assert.All(result.Events, step => Assert.Equal(EventVerdict.Committed, step.Verdict));
            }
        );

        foreach (var parent in parents)
        {
            var after = (await one.FindAsync(parent.Id, Stop))!;
            Assert.Equal((0, false, A.FirstInstant), (after.OpenChildren, after.AwaitsChildren, after.NextActivation));
        }

        await StoreInvariants.CheckAsync(one);
    }

    [Fact]
    public async Task A_deadlock_victim_is_retried()
    {
        await using var store = await OpenAsync();
        WorkflowRecord[] rows = [await RunningAsync(store, "one"), await RunningAsync(store, "two")];
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await LockAsync(other, rows[1].Id);

        var pausing = store.WriteAsync(
            new WriteBatch([], [.. rows.Select(row => new EventFor(row.Id, new Paused("ann")))], null, A.FirstInstant),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await LockAsync(other, rows[0].Id);
        await transaction.CommitAsync(Stop);

        Assert.All((await pausing).Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
    }

    /// <summary>A step that continues is locked before one that ends, regardless of their ids.</summary>
    [Fact]
    public async Task A_batch_of_steps_that_is_a_deadlock_victim_is_retried()
    {
        await using var store = await OpenAsync();
        WorkflowRecord[] rows = [await RunningAsync(store, "one"), await RunningAsync(store, "two")];
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await LockAsync(other, rows[0].Id);

        var stepping = store.WriteAsync(
            new WriteBatch([], [rows[0].Finishes(), rows[1].GoesTo("Pay")], 1, A.FirstInstant),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await LockAsync(other, rows[1].Id);
        await transaction.CommitAsync(Stop);

        Assert.All((await stepping).Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
    }

    [Fact]
    public async Task A_count_changed_concurrently_by_another_transaction_stays()
    {
        await using var store = await OpenAsync();
        var workflow = await RunningAsync(store, "one");
        await store.WriteAsync(new WriteBatch([], [workflow.Finishes()], 1, A.FirstInstant), Stop);
        await using var other = new NpgsqlConnection(Database.ConnectionString);
        await other.OpenAsync(Stop);
        await using var transaction = await other.BeginTransactionAsync(Stop);
        await using var another = new NpgsqlCommand(
            """
            UPDATE workflow_counts
               SET count = count + 1
             WHERE status = 'EXECUTING'
               AND slot = (SELECT min(slot)
                             FROM workflow_counts
                            WHERE status = 'EXECUTING')
            """,
            other
        );
        await another.ExecuteNonQueryAsync(Stop);

        var deleting = store.DeleteLeftoversAsync(
            new LeftoverLimits(default, default, 0, default, TimeSpan.FromDays(1), 100),
            Stop
        );
        while (await Database.ExecuteAsync(WaitingForLocks(Database.Schema)) is 0L) { }
        await transaction.CommitAsync(Stop);
        await deleting;

        Assert.Contains(
            new WorkflowCount(A.Type, A.Version, A.FirstState, WorkflowStatus.Executing, 1),
            await store.CountsAsync(Stop)
        );
    }

    private static string WaitingForLocks(string application) =>
        $"""
            SELECT count(*)
              FROM pg_stat_activity
             WHERE application_name = '{application}'
               AND wait_event_type = 'Lock'
            """;

    private static async Task LockAsync(NpgsqlConnection connection, long id)
    {
        await using var command = new NpgsqlCommand($"SELECT FROM workflow_run WHERE id = {id} FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
