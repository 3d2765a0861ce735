using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Crash.Tests;

/// <summary>One blow at a time, and how soon others continue.</summary>
[Collection(OneAtATime.Name)]
public sealed class SingleBlowTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task The_workflows_of_a_killed_executor_go_on_elsewhere_within_three_seconds(string database)
    {
        await using var scene = await Scene.OpenAsync(database);

        await KillAndGoOnAsync(scene, Lease, within: TimeSpan.FromSeconds(3));
    }

    /// <summary>The default is the engine's: that a lease ends in time on each database is shown by a short one.</summary>
    [Fact]
    public async Task By_default_within_sixteen_seconds()
    {
        await using var scene = await Scene.OpenAsync("sqlite");

        await KillAndGoOnAsync(scene, lease: null, within: TimeSpan.FromSeconds(16));
    }

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task A_stalled_executor_commits_nothing_when_it_wakes_and_says_so(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var stalled = await scene.StartAsync("stalled", Lease);
        var id = await scene.CreateHeldAsync("stalled");
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Executing);
        await scene.StartAsync("other", Lease);

        await scene.StallAsync(stalled);
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        await File.WriteAllTextAsync(scene.Gate, "", Stop);
        await stalled.ResumeAsync();

        await Scene.UntilAsync(() =>
            Task.FromResult(
                stalled.Lines.Any(line =>
                    line.Contains("lease 1 was lost", StringComparison.Ordinal)
                    || line.Contains("under lease 1 was cancelled and is dropped", StringComparison.Ordinal)
                )
            )
        );
        Assert.Empty(Ledger.FindFaults(await scene.Ledger.ReadAsync(), [(await scene.Store.FindAsync(id, Stop))!]));
    }

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task An_executor_without_a_thread_of_the_pool_keeps_its_lease(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var starved = await scene.StartAsync("starved", Lease);
        var id = await scene.CreateStarvedAsync("starved");
        await Scene.UntilAsync(() => Task.FromResult(starved.Lines.Contains(Workload.PoolIsStarved)));
        await scene.StartAsync("other", Lease);

        // Well beyond the end of the lease that it had then.
        var before = await EnteredAsync();
        await Scene.UntilAsync(async () => (await EnteredAsync()).LeaseUntil >= before.LeaseUntil + Lease);
        var held = (await scene.Store.FindAsync(id, Stop))!;
        starved.GoOn();
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.Equal((WorkflowStatus.Executing, before.Id, 1), (held.Status, held.ExecutorId, held.Lease));
        Assert.Null((await EnteredAsync()).Ended);

        async Task<ExecutorRecord> EnteredAsync()
        {
            var entered = (await scene.Store.ExecutorsAsync(10, Stop)).Where(each => each.Name == "starved").ToList();
            Assert.True(entered.Count == 1, await scene.StoryAsync(id));
            return entered[0];
        }
    }

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task An_executor_without_a_thread_of_the_pool_that_lost_its_lease_gets_a_new_one(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var starved = await scene.StartAsync("starved", Lease);
        var id = await scene.CreateStarvedAsync("starved");
        await Scene.UntilAsync(() => Task.FromResult(starved.Lines.Contains(Workload.PoolIsStarved)));
        await scene.StartAsync("other", Lease);

        await scene.StallAsync(starved);
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        await starved.ResumeAsync();
        await Scene.UntilAsync(async () =>
            (await scene.Store.ExecutorsAsync(10, Stop)).Count(each => each.Name == "starved") == 2
        );

        Assert.False(starved.HasEnded);
        starved.GoOn();
    }

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task SIGTERM_under_load_leaves_no_claim_behind_and_the_next_goes_on_at_once(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var first = await scene.StartAsync("first", grace: Grace);
        var entered = Assert.Single(await scene.Store.ExecutorsAsync(10, Stop));
        var held = await scene.CreateHeldAsync("first");
        var orders = await scene.CreateOrdersAsync(500);
        await scene.UntilAsync(held, workflow => workflow.Status == WorkflowStatus.Executing);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await first.TerminateAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Grace + TimeSpan.FromSeconds(3));
        Assert.Empty(await scene.Store.OwnedAsync(entered.Id, Stop));

        await scene.StartAsync("next");
        var took = await scene.UntilAsync(held, workflow => workflow.Status == WorkflowStatus.Finished);
        // Long before the lease of the first would be over.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        foreach (var id in orders)
        {
            await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        }
    }

    [Theory, ClassData(typeof(EveryServer))]
    public async Task An_executor_that_starts_while_its_database_is_away_waits_for_it(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var orders = await scene.CreateOrdersAsync(10);
        await scene.StopServerAsync();
        var early = scene.Start("early");
        await Scene.UntilAsync(() =>
            Task.FromResult(
                early.Lines.Any(line => line.Contains("The start waits for the database", StringComparison.Ordinal))
            )
        );
        await scene.StartServerAsync();

        foreach (var id in orders)
        {
            await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        }

        Assert.False(early.HasEnded);
    }

    [Theory, ClassData(typeof(EveryServer))]
    public async Task SIGTERM_while_the_database_is_away_ends_in_order_and_others_go_on_after_the_lease(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var victim = await scene.StartAsync("victim", Lease, Grace);
        var id = await scene.CreateHeldAsync("victim");
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Executing);
        await scene.StopServerAsync();

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, await victim.TerminateAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Grace + TimeSpan.FromSeconds(8));
        Assert.Contains(victim.Lines, line => line.Contains("could not write everything", StringComparison.Ordinal));

        await scene.StartServerAsync();
        await scene.StartAsync("heir", Lease);
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryServer))]
    public async Task A_server_without_a_free_connection_is_waited_for(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        await using (var crowd = await scene.NewCrowdAsync())
        {
            // The crowd itself sees to it that the store takes the refusal for one that passes.
            await crowd.FillAsync();
            Assert.NotNull(crowd.Refusal);
            var late = scene.Start("late");
            await Scene.UntilAsync(() =>
                Task.FromResult(
                    late.Lines.Any(line => line.Contains("The start waits for the database", StringComparison.Ordinal))
                )
            );
        }

        foreach (var id in await scene.CreateOrdersAsync(10))
        {
            await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        }
    }

    private static async Task KillAndGoOnAsync(Scene scene, TimeSpan? lease, TimeSpan within)
    {
        var victim = await scene.StartAsync("victim", lease);
        var id = await scene.CreateHeldAsync("victim");
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Executing);
        await scene.StartAsync("heir", lease);
        await victim.KillAsync();
        var killed = DateTimeOffset.UtcNow;
        var took = await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        Assert.True(took <= within, $"Killed at {killed:O}, gone on after {took}: {await scene.StoryAsync(id)}");
    }
}
