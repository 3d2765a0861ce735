using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The next due time returned by a claim, and concurrent claims.</summary>
public sealed class ClaimRaceTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_claim_returns_when_the_next_parked_workflow_is_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Parked("due", seconds: 0),
            Parked("late", seconds: 300) with
            {
                Priority = 1,
            },
            Parked("next", seconds: 20),
            Parked("elsewhere", seconds: 10) with
            {
                ExecutorGroup = "elsewhere",
            }
        );

        Assert.Equal(A.FirstInstant.AddSeconds(20), (await scene.ClaimAsync()).NextDue);
    }

    [Theory, OnEveryStore]
    public async Task Without_parked_workflows_there_is_no_next_due_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(A.Workflow("due"), A.Workflow("claimed") with { ClaimedBy = scene.Executor });

        Assert.Null((await scene.ClaimAsync()).NextDue);
    }

    [Theory, OnEveryStore]
    public async Task A_claim_that_reached_its_limit_returns_no_next_due_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Parked("due", seconds: 0), Parked("next", seconds: 10));

        Assert.Null((await scene.ClaimAsync(A.Claim(scene.Executor, scene.Now) with { Limit = 1 })).NextDue);
    }

    [Theory, OnEveryStore]
    public async Task The_next_due_time_covers_only_workflows_that_can_run_here(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Parked("alien", seconds: 10) with
            {
                WorkflowType = "Alien",
            },
            Parked("newer", seconds: 10) with
            {
                Version = A.NextVersion,
            },
            Parked("slow", seconds: 10) with
            {
                ExecutorGroup = "slow",
            },
            Parked("order", seconds: 20)
        );

        Assert.Equal(A.FirstInstant.AddSeconds(20), (await scene.ClaimAsync()).NextDue);
    }

    [Theory, OnEveryStore]
    public async Task A_claim_that_expects_nothing_still_takes_due_workflows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Parked("due", seconds: 0), Parked("next", seconds: 10));

        var claimed = await scene.ClaimAsync(A.Claim(scene.Executor, scene.Now) with { ExpectsNothing = true });

        Assert.Equal("due", Assert.Single(claimed.Claimed).ExternalId);
        Assert.Equal(A.FirstInstant.AddSeconds(10), claimed.NextDue);
    }

    [Theory, OnEveryStore]
    public async Task A_claim_that_correctly_expects_nothing_returns_the_next_due_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var request = A.Claim(scene.Executor, scene.Now) with { ExpectsNothing = true };
        Assert.Null((await scene.ClaimAsync(request)).NextDue);
        await scene.CreateAsync(Parked("late", seconds: 20), Parked("next", seconds: 10));

        var claimed = await scene.ClaimAsync(request);

        Assert.Empty(claimed.Claimed);
        Assert.Equal(A.FirstInstant.AddSeconds(10), claimed.NextDue);
    }

    [Theory, OnEveryStore]
    public async Task Concurrent_claims_share_nothing_and_leave_nothing(StoreKind kind)
    {
        const int Workflows = 120;
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();
        await scene.CreateAsync([.. Enumerable.Range(0, Workflows).Select(number => A.Workflow($"order-{number}"))]);
        long[] executors = [scene.Executor, await scene.RegisterAsync("other", TimeSpan.FromDays(1))];

        var claimed = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number =>
                    Task.Run(
                        () => ClaimAllAsync(number % 2 == 0 ? scene.Store : another, executors[number % 2], scene.Now),
                        Stop
                    )
                )
        );

        var all = claimed.SelectMany(rows => rows).ToList();
        Assert.Equal(Workflows, all.Count);
        Assert.Equal(Workflows, all.Select(row => row.Id).Distinct().Count());
        Assert.All(all, row => Assert.Equal(1, row.Lease));
        foreach (var executor in executors)
        {
            Assert.Equal(
                all.Where(row => row.ExecutorId == executor).Select(A.ClaimOf).OrderBy(claim => claim.WorkflowId),
                (await scene.Store.OwnedAsync(executor, Stop)).OrderBy(claim => claim.WorkflowId)
            );
        }
    }

    private static async Task<List<WorkflowRecord>> ClaimAllAsync(
        IWorkflowStore store,
        long executor,
        DateTimeOffset now
    )
    {
        var all = new List<WorkflowRecord>();
        while (true)
        {
            var claimed = (await store.ClaimAsync(A.Claim(executor, now) with { Limit = 7 }, Stop)).Claimed;
            if (claimed.Count == 0)
            {
                return all;
            }

            all.AddRange(claimed);
        }
    }

    private static NewWorkflow Parked(string externalId, double seconds) =>
        A.Workflow(externalId) with
        {
            NextActivation = A.FirstInstant.AddSeconds(seconds),
        };
}
