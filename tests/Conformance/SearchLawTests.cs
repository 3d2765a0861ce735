using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Property tests: any search returns exactly the matching workflows, on every page and store.</summary>
public sealed class SearchLawTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_search_finds_exactly_the_matching_workflows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var chance = new Random(9);
        var workflows = await AnyWorkflows.CreateAsync(scene, chance, 60);

        for (var each = 0; each < 400; each++)
        {
            var search = AnySearch(chance, workflows, scene.Now);
            var expected = workflows.Reverse().Where(search.Matches).Select(row => row.ExternalId).ToList();

            Assert.Equal(expected, (await AllPagesAsync(scene, search)).Select(row => row.ExternalId));
            var skipped = search with { Offset = 1 + chance.Next(4), MaxRowsRead = 1000 };
            Assert.Equal(
                expected.Skip(skipped.Offset).Take(skipped.Limit),
                (await scene.SearchAsync(skipped)).Select(row => row.ExternalId)
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_search_returns_complete_workflows_with_optional_variables(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflows = await AnyWorkflows.CreateAsync(scene, new Random(10), 30);
        Assert.Contains(workflows, workflow => workflow.StateVars != "{}");

        foreach (
            var filter in (WorkflowFilter[])[new(), new() { WorkflowTypes = [A.Type] }, new() { Versions = ["v2"] }]
        )
        {
            var search = new WorkflowSearch { Filter = filter };
            var expected = workflows.Reverse().Where(search.Matches).ToList();

            Assert.Equal(expected, await scene.SearchAsync(search));
            Assert.Equal(
                expected.Select(row => row with { StateVars = "{}" }),
                await scene.SearchAsync(search with { WithVariables = false })
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task The_total_from_the_counts_equals_that_of_all_pages(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var chance = new Random(11);
        var workflows = await AnyWorkflows.CreateAsync(scene, chance, 40);
        var counts = await scene.Store.CountsAsync(Stop);
        var known = 0;

        for (var each = 0; each < 300; each++)
        {
            var search = AnySearch(chance, workflows, scene.Now) with { BeforeId = null };
            if (WorkflowTotal.Of(search, counts) is { } total)
            {
                known++;
                Assert.Equal(workflows.Count(search.Matches), total);
            }
        }

        Assert.InRange(known, 10, 200);
    }

    [Theory, OnEveryStore]
    public async Task A_filter_by_wait_reason_needs_an_instant(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("order-1");
        var filter = new WorkflowFilter { WaitsFor = [WaitReason.Executor] };

        await Assert.ThrowsAsync<ArgumentException>(() => scene.SearchAsync(new WorkflowSearch { Filter = filter }));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            scene.Jobs.FilterAsync(new FilterSearch(filter, 0, long.MaxValue, 1), Stop)
        );
    }

    /// <summary>Reads all pages. A search with a bounded effort can return partial pages, each of which must advance.</summary>
    private static async Task<List<WorkflowRecord>> AllPagesAsync(Scene scene, WorkflowSearch search)
    {
        var all = new List<WorkflowRecord>();
        while (true)
        {
            var page = await scene.Store.SearchAsync(search, Stop);
            all.AddRange(page.Workflows);
            Assert.True(page.Workflows.Count <= search.Limit, "The page exceeds the limit.");
            Assert.Equal(page.IsPartial, page.Workflows.Count < search.Limit && page.NextBeforeId is not null);
            if (page.NextBeforeId is not { } next)
            {
                return all;
            }

            Assert.True(next < (search.BeforeId ?? long.MaxValue), "The next page starts at the same position.");
            search = search with { BeforeId = next };
        }
    }

    private static WorkflowSearch AnySearch(Random chance, IReadOnlyList<WorkflowRecord> workflows, DateTimeOffset now)
    {
        var keyed = chance.Next(6) == 0;
        return new()
        {
            Filter = AnyFilter.Of(chance, workflows),
            Id = keyed && chance.Next(2) == 0 ? Workflow().Id : null,
            ExternalId = keyed && chance.Next(2) == 0 ? Workflow().ExternalId : null,
            BusinessKey = keyed && chance.Next(2) == 0 ? Workflow().BusinessKey : null,
            Now = now,
            BeforeId = chance.Next(4) == 0 ? Workflow().Id : null,
            Limit = 1 + chance.Next(20),
            MaxRowsRead = chance.Next(2) == 0 ? 1 + chance.Next(20) : 5000,
        };

        WorkflowRecord Workflow() => workflows[chance.Next(workflows.Count)];
    }
}
