using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Which workflows a claim takes, in which order, and their fields afterwards.</summary>
public sealed class ClaimTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_claimed_workflow_is_owned_under_the_next_lease(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreatedAsync("order-1");
        scene.Pass(seconds: 1);

        var claimed = await scene.ClaimedAsync();

        A.Same(
            created with
            {
                Status = WorkflowStatus.Executing,
                Lease = 1,
                ExecutorId = scene.Executor,
                NextActivation = null,
                Modified = scene.Now,
            },
            claimed
        );
        Assert.Equal(claimed, await scene.AgainAsync(created));
    }

    [Theory, OnEveryStore]
    public async Task Priority_precedes_due_time_and_due_time_precedes_age(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("5 later", priority: 5, seconds: 20),
            Due("5 sooner, first", priority: 5, seconds: 10),
            Due("5 sooner, second", priority: 5, seconds: 10),
            Due("9 first of all", priority: 9, seconds: 0),
            Due("1 last of all", priority: 1, seconds: 30)
        );
        scene.Pass(seconds: 60);

        var claimed = (await scene.ClaimAsync()).Claimed;

        Assert.Equal(
            ["1 last of all", "5 sooner, first", "5 sooner, second", "5 later", "9 first of all"],
            claimed.Select(row => row.ExternalId)
        );
    }

    [Theory, OnEveryStore]
    public async Task Waiting_time_compensates_for_a_lower_priority(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("9 old", priority: 9, seconds: 0),
            Due("5 middle", priority: 5, seconds: 39),
            Due("5 young", priority: 5, seconds: 41),
            Due("1 young", priority: 1, seconds: 79),
            Due("1 youngest", priority: 1, seconds: 81)
        );
        scene.Pass(seconds: 100);
        var request = A.Claim(scene.Executor, scene.Now) with { PriorityStep = TimeSpan.FromSeconds(10), Limit = 2 };

        var order = new List<string>();
        while ((await scene.ClaimAsync(request)).Claimed is { Count: > 0 } claimed)
        {
            order.AddRange(claimed.Select(row => row.ExternalId));
        }

        Assert.Equal(["5 middle", "1 young", "9 old", "5 young", "1 youngest"], order);
    }

    [Theory, OnEveryStore]
    public async Task Urgent_workflows_do_not_starve_others(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Due("patient", priority: 9, seconds: 0));
        for (var second = 1; second < 200; second++)
        {
            scene.Pass(seconds: 1);
            await scene.CreateAsync(Due($"urgent-{second}", priority: 1, seconds: second));
            var request = A.Claim(scene.Executor, scene.Now) with
            {
                PriorityStep = TimeSpan.FromSeconds(10),
                Limit = 1,
            };
            if (Assert.Single((await scene.ClaimAsync(request)).Claimed).ExternalId == "patient")
            {
                Assert.InRange(second, 80, 82);
                return;
            }
        }

        Assert.Fail("The workflow still waits.");
    }

    [Theory, OnEveryStore]
    public async Task The_order_holds_across_groups_so_no_group_starves(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("a later", priority: 5, seconds: 20),
            Due("b sooner", priority: 5, seconds: 10) with
            {
                ExecutorGroup = "b",
            },
            Due("a last", priority: 5, seconds: 40),
            Due("b latest", priority: 5, seconds: 30) with
            {
                ExecutorGroup = "b",
            },
            Due("b urgent", priority: 1, seconds: 50) with
            {
                ExecutorGroup = "b",
            }
        );
        scene.Pass(seconds: 60);
        var request = A.Claim(scene.Executor, scene.Now) with { ExecutorGroups = [A.Group, "b"] };

        var first = (await scene.ClaimAsync(request with { Limit = 2 })).Claimed;
        var rest = (await scene.ClaimAsync(request)).Claimed;

        Assert.Equal(["b urgent", "b sooner"], first.Select(row => row.ExternalId));
        Assert.Equal(["a later", "b latest", "a last"], rest.Select(row => row.ExternalId));
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_is_due_at_or_before_the_instant_of_the_claim(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("at", 5, seconds: 10),
            Due("after", 5, seconds: 10) with
            {
                NextActivation = scene.Now.AddSeconds(10).AddMicroseconds(1),
            }
        );
        scene.Pass(seconds: 10);

        Assert.Equal("at", (await scene.ClaimedAsync()).ExternalId);
    }

    [Theory, OnEveryStore]
    public async Task Only_requested_types_and_groups_are_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            A.Workflow("order"),
            A.Workflow("invoice") with
            {
                WorkflowType = "Invoice",
            },
            A.Workflow("letter") with
            {
                WorkflowType = "Letter",
            },
            A.Workflow("slow order") with
            {
                ExecutorGroup = "slow",
            },
            A.Workflow("ORDER") with
            {
                WorkflowType = "ORDER",
            },
            A.Workflow("order in Default") with
            {
                ExecutorGroup = "Default",
            }
        );

        var result = await scene.ClaimAsync(
            A.Claim(scene.Executor, scene.Now) with
            {
                Definitions = [A.Of(A.Type), A.Of("Invoice"), A.Of("Unheard of")],
            }
        );

        Assert.Equal(["order", "invoice"], result.Claimed.Select(row => row.ExternalId));
    }

    [Theory, OnEveryStore]
    public async Task Without_definitions_or_groups_nothing_is_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("order-1");
        var request = A.Claim(scene.Executor, scene.Now);

        Assert.Empty((await scene.ClaimAsync(request with { Definitions = [] })).Claimed);
        Assert.Empty((await scene.ClaimAsync(request with { ExecutorGroups = [] })).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task A_definition_or_group_named_twice_counts_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreatedAsync("order-1");

        var result = await scene.ClaimAsync(
            A.Claim(scene.Executor, scene.Now) with
            {
                Definitions = [A.Of(A.Type), A.Of(A.Type)],
                ExecutorGroups = [A.Group, A.Group],
            }
        );

        Assert.Equal(1, Assert.Single(result.Claimed).Lease);
        Assert.Equal(1, (await scene.AgainAsync(created)).Lease);
    }

    [Theory, OnEveryStore]
    public async Task No_more_are_claimed_than_the_limit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(A.Workflow("1"), A.Workflow("2"), A.Workflow("3"));
        var request = A.Claim(scene.Executor, scene.Now) with { Limit = 2 };

        Assert.Equal(["1", "2"], (await scene.ClaimAsync(request)).Claimed.Select(row => row.ExternalId));
        Assert.Equal(["3"], (await scene.ClaimAsync(request)).Claimed.Select(row => row.ExternalId));
        Assert.Empty((await scene.ClaimAsync(request)).Claimed);
        Assert.Empty((await scene.ClaimAsync(request with { Limit = 0 })).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task Owned_waiting_and_final_workflows_are_not_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.RunningAsync("owned");
        await scene.CommittedAsync((await scene.RunningAsync("waiting")).WaitsForAPerson());
        await scene.CommittedAsync((await scene.RunningAsync("over")).Finishes());
        await scene.MoveAsync(await scene.CreatedAsync("paused"), A.Move("Start", WorkflowStatus.Paused));
        scene.Pass(seconds: 1_000_000);
        var other = await scene.RegisterAsync("other", TimeSpan.FromDays(1));

        Assert.Empty((await scene.ClaimAsync(A.Claim(other, scene.Now))).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task Many_rows_of_another_type_at_the_same_priority_hide_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([
            .. Enumerable.Range(0, 200).Select(number => A.Workflow($"alien-{number}") with { WorkflowType = "Alien" }),
        ]);
        scene.Pass(seconds: 1);
        await scene.CreateAsync(A.Workflow("order") with { NextActivation = scene.Now });

        Assert.Equal("order", (await scene.ClaimedAsync()).ExternalId);
    }

    [Theory, OnEveryStore]
    public async Task Many_parked_rows_at_a_higher_priority_hide_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([
            .. Enumerable.Range(0, 200).Select(number => Due($"parked-{number}", priority: 1, seconds: 3600)),
            Due("due", priority: 9, seconds: 0),
        ]);

        Assert.Equal("due", (await scene.ClaimedAsync()).ExternalId);
    }

    private static NewWorkflow Due(string externalId, int priority, double seconds) =>
        A.Workflow(externalId) with
        {
            Priority = priority,
            NextActivation = A.FirstInstant.AddSeconds(seconds),
        };
}
