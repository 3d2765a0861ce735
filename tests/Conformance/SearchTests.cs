using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Finding workflows by their fields.</summary>
public sealed class SearchTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_workflow_is_found_by_id_and_external_id(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("other");
        var workflow = await scene.CreatedAsync("order-1");

        Assert.Equal(workflow, await scene.Store.FindAsync(workflow.Id, Stop));
        Assert.Equal(workflow, await scene.Store.FindByExternalIdAsync("order-1", Stop));
        Assert.Null(await scene.Store.FindAsync(workflow.Id + 1000, Stop));
        Assert.Null(await scene.Store.FindByExternalIdAsync("order-2", Stop));
    }

    [Theory, OnEveryStore]
    public async Task Values_above_the_requested_size_are_omitted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (small, large) = ("""{"a":"é"}""", """{"a":"éé"}""");
        await scene.CreateAsync(
            A.Workflow("small") with
            {
                StateVars = small,
            },
            A.Workflow("large") with
            {
                StateVars = large,
            }
        );
        var before = await scene.RunningAsync("ended");
        var ended = (StepSucceeded)before.Finishes().Ended with { Output = large };
        await scene.WriteAsync([], [new EventFor(before.Id, ended) { Known = before }]);

        Assert.Equal([("ended", "{}", ""), ("large", "", "none"), ("small", small, "none")], await FoundAsync(10));
        Assert.Equal(
            [("ended", "{}", large), ("large", large, "none"), ("small", small, "none")],
            await FoundAsync(12)
        );

        async Task<IEnumerable<(string, string, string)>> FoundAsync(int largest) =>
            (await scene.SearchAsync(new WorkflowSearch { LargestValue = largest })).Select(row =>
                (row.ExternalId, row.StateVars, row.Output ?? "none")
            );
    }

    [Theory, OnEveryStore]
    public async Task A_search_without_conditions_returns_all_newest_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(A.Workflow("1"), A.Workflow("2"), A.Workflow("3"));

        await AssertFoundAsync(scene, new WorkflowSearch(), "3", "2", "1");
    }

    [Theory, OnEveryStore]
    public async Task Id_external_id_and_business_key_are_alternatives(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var byId = await scene.CreatedAsync("by id");
        await scene.CreateAsync(
            A.Workflow("by external id"),
            A.Workflow("by key 1") with
            {
                BusinessKey = "key",
            },
            A.Workflow("by key 2") with
            {
                BusinessKey = "key",
            },
            A.Workflow("none")
        );
        var search = new WorkflowSearch
        {
            Id = byId.Id,
            ExternalId = "by external id",
            BusinessKey = "key",
        };

        await AssertFoundAsync(scene, search, "by key 2", "by key 1", "by external id", "by id");
        await AssertFoundAsync(scene, new WorkflowSearch { Id = byId.Id }, "by id");
        await AssertFoundAsync(scene, new WorkflowSearch { ExternalId = "by external id" }, "by external id");
        await AssertFoundAsync(scene, new WorkflowSearch { BusinessKey = "key" }, "by key 2", "by key 1");
        await AssertFoundAsync(scene, new WorkflowSearch { Id = byId.Id, ExternalId = "by id" }, "by id");
        await AssertFoundAsync(scene, new WorkflowSearch { ExternalId = "unheard of" });
    }

    [Theory, OnEveryStore]
    public async Task All_other_conditions_must_hold_too(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            A.Workflow("1") with
            {
                BusinessKey = "key",
                WorkflowType = "Invoice",
            },
            A.Workflow("2") with
            {
                BusinessKey = "key",
            },
            A.Workflow("3") with
            {
                WorkflowType = "Invoice",
            }
        );

        await AssertFoundAsync(
            scene,
            new WorkflowSearch
            {
                BusinessKey = "key",
                Filter = new() { WorkflowTypes = ["Invoice"] },
            },
            "1"
        );
        await AssertFoundAsync(
            scene,
            new WorkflowSearch
            {
                ExternalId = "3",
                BusinessKey = "key",
                Filter = new() { WorkflowTypes = ["Invoice"] },
            },
            "3",
            "1"
        );
    }

    [Theory, OnEveryStore]
    public async Task Each_single_condition_finds_its_matches(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var (parent, children) = await scene.FamilyAsync(children: 2);
        await scene.CommittedAsync(children[0].WaitsForAPerson());
        await scene.CreateAsync(A.Workflow("slow") with { ExecutorGroup = "slow", WorkflowType = "Slow" });

        await AssertFoundAsync(scene, new WorkflowSearch { Filter = new() { ExecutorGroups = ["slow"] } }, "slow");
        await AssertFoundAsync(scene, new WorkflowSearch { Filter = new() { WorkflowTypes = ["Slow"] } }, "slow");
        await AssertFoundAsync(scene, new WorkflowSearch { Filter = new() { States = ["Split"] } }, "parent");
        await AssertFoundAsync(
            scene,
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Waiting] } },
            "child-1"
        );
        await AssertFoundAsync(
            scene,
            new WorkflowSearch { Filter = new() { Statuses = [WorkflowStatus.Executing] } },
            "child-2",
            "parent"
        );
        await AssertFoundAsync(
            scene,
            new WorkflowSearch { Filter = new() { ParentWorkflowId = parent.Id } },
            "child-2",
            "child-1"
        );
        await AssertFoundAsync(scene, new WorkflowSearch { BeforeId = children[0].Id }, "parent");
    }

    [Theory, OnEveryStore]
    public async Task A_condition_without_matches_finds_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");
        WorkflowSearch[] searches =
        [
            new() { Filter = new() { ExecutorGroups = ["none"] } },
            new() { Filter = new() { WorkflowTypes = ["None"] } },
            new() { Filter = new() { States = ["None"] } },
            new() { Filter = new() { Statuses = [WorkflowStatus.Scheduled] } },
            new() { Filter = new() { ParentWorkflowId = workflow.Id } },
            new() { BeforeId = workflow.Id },
            new() { BusinessKey = "" },
            new() { Filter = new() { WorkflowTypes = [""] } },
        ];

        foreach (var search in searches)
        {
            await AssertFoundAsync(scene, search);
            await AssertFoundAsync(
                scene,
                search with
                {
                    ExternalId = "order-1",
                    BusinessKey = null,
                    Filter = new() { States = ["None"] },
                }
            );
        }
    }

    private static async Task AssertFoundAsync(Scene scene, WorkflowSearch search, params string[] externalIds) =>
        Assert.Equal(externalIds, (await scene.SearchAsync(search)).Select(row => row.ExternalId));
}
