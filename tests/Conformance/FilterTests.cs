using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Which workflows match a filter, and paging.</summary>
public sealed class FilterTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_filter_returns_exactly_the_matching_workflows(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var chance = new Random(7);
        var workflows = await AnyWorkflows.CreateAsync(scene, chance, 60);
        var last = await scene.Jobs.LastWorkflowIdAsync(Stop);

        for (var each = 0; each < 300; each++)
        {
            var filter = AnyFilter.Of(chance, workflows);
            var expected = workflows.Where(row => filter.Matches(row, scene.Now)).Select(workflow => workflow.Id);

            Assert.Equal(expected, await IdsAsync(scene, filter, last, limit: 1 + chance.Next(20)));
        }
    }

    [Theory, OnEveryStore]
    public async Task Matches_include_type_version_state_and_status(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflows = await AnyWorkflows.CreateAsync(scene, new Random(8), 20);

        foreach (
            var filter in (WorkflowFilter[])[new() { IdFrom = 1 }, new() { BusinessKey = workflows[0].BusinessKey }]
        )
        {
            var found = await scene.Jobs.FilterAsync(new FilterSearch(filter, 0, long.MaxValue, 100), Stop);

            Assert.Equal(
                workflows
                    .Where(row => filter.Matches(row, scene.Now))
                    .Select(workflow => new FilteredWorkflow(
                        workflow.Id,
                        workflow.WorkflowType,
                        workflow.Version,
                        workflow.State,
                        workflow.Status
                    )),
                found
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task The_last_id_is_that_of_the_newest_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        Assert.Equal(0, await scene.Jobs.LastWorkflowIdAsync(Stop));

        await scene.CreatedAsync("first");
        var newest = await scene.CreatedAsync("second");

        Assert.Equal(newest.Id, await scene.Jobs.LastWorkflowIdAsync(Stop));
    }

    private static async Task<IReadOnlyList<long>> IdsAsync(Scene scene, WorkflowFilter filter, long upTo, int limit)
    {
        var ids = new List<long>();
        while (true)
        {
            var after = ids.Count == 0 ? 0 : ids[^1];
            var search = new FilterSearch(filter, after, upTo, limit) { Now = scene.Now };
            var page = await scene.Jobs.FilterAsync(search, Stop);
            ids.AddRange(page.Select(workflow => workflow.Id));
            if (page.Count < limit)
            {
                return ids;
            }
        }
    }
}
