using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Crash.Tests;

/// <summary>One blow at a time, and how soon other executors continue.</summary>
[Collection(OneAtATime.Name)]
public sealed class SingleBlowTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task Workflows_of_a_killed_executor_continue_elsewhere_within_three_seconds(string database)
    {
        await using var scene = await Scene.OpenAsync(database);

        await KillAndContinueAsync(scene, Lease, within: TimeSpan.FromSeconds(3));
    }

    /// <summary>Uses the default lease of the engine, on one database only. Short leases are tested on each database.</summary>
    [Fact]
    public async Task With_the_default_lease_they_continue_within_sixteen_seconds()
    {
        await using var scene = await Scene.OpenAsync("sqlite");

        await KillAndContinueAsync(scene, lease: null, within: TimeSpan.FromSeconds(16));
    }

    [Theory, ClassData(typeof(EveryDatabase))]
    public async Task A_stalled_executor_commits_nothing_when_it_resumes_and_logs_that(string database)
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
    public async Task An_executor_with_an_exhausted_thread_pool_keeps_its_lease(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var starved = await scene.StartAsync("starved", Lease);
        var id = await scene.CreateStarvedAsync("starved");
        await Scene.UntilAsync(() => Task.FromResult(starved.Lines.Contains(Workload.PoolIsStarved)));
        await scene.StartAsync("other", Lease);

        // Wait well beyond the end of the current lease.
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
    public async Task An_executor_with_an_exhausted_thread_pool_gets_a_new_lease_after_losing_one(string database)
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
    public async Task SIGTERM_under_load_leaves_no_claim_and_the_next_executor_continues_at_once(string database)
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
        // Long before the lease of the first executor would have expired.
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        foreach (var id in orders)
        {
            await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        }
    }

    [Theory, ClassData(typeof(EveryServer))]
    public async Task An_executor_that_starts_while_its_database_is_down_waits_for_it(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        var orders = await scene.CreateOrdersAsync(10);
        await scene.StopServerAsync();
        var early = scene.Start("early");
        await Scene.UntilAsync(() =>
            Task.FromResult(
                early.Lines.Any(line => line.Contains("Startup waits for the database", StringComparison.Ordinal))
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
    public async Task SIGTERM_while_the_database_is_down_ends_gracefully_and_others_continue_after_the_lease(
        string database
    )
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
    public async Task An_executor_waits_for_a_server_without_a_free_connection(string database)
    {
        await using var scene = await Scene.OpenAsync(database);
        await using (var crowd = await scene.NewCrowdAsync())
        {
            // The crowd only catches a refusal that the store considers transient.
            await crowd.FillAsync();
            Assert.NotNull(crowd.Refusal);
            var late = scene.Start("late");
            await Scene.UntilAsync(() =>
                Task.FromResult(
                    late.Lines.Any(line => line.Contains("Startup waits for the database", StringComparison.Ordinal))
                )
            );
        }

        foreach (var id in await scene.CreateOrdersAsync(10))
        {
            await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        }
    }

    private static async Task KillAndContinueAsync(Scene scene, TimeSpan? lease, TimeSpan within)
    {
        var victim = await scene.StartAsync("victim", lease);
        var id = await scene.CreateHeldAsync("victim");
        await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Executing);
        await scene.StartAsync("heir", lease);
        await victim.KillAsync();
        var killed = DateTimeOffset.UtcNow;
        var took = await scene.UntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);
        Assert.True(took <= within, $"Killed at {killed:O}, continued after {took}: {await scene.StoryAsync(id)}");
    }
}
