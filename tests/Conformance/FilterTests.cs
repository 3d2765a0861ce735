using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Which workflows a filter means, and how it is paged.</summary>
public sealed class FilterTests : StoreContract
{
    private static readonly string[] Types = [A.Type, "order", "Ünter 1"];
    private static readonly string[] Versions = ["v1", "v2"];
    private static readonly string[] Groups = [A.Group, "night"];
    private static readonly string[] Keys = ["a", "A", "ab", "a%c", "a_c", "ä", "ä€", "😀", "😀x", "a "];
    private static readonly string[] States = [A.FirstState, "Review", "Done "];

    private static readonly WorkflowEvent[] Events =
    [
        new Paused("ann"),
        new Cancelled("ann"),
        A.Move("Review", WorkflowStatus.Waiting),
        A.Move("Done ", WorkflowStatus.Finished),
        A.Move("Review", WorkflowStatus.Error),
        A.Move("Review"),
    ];

    [Theory, OnEveryStore]
    public async Task A_filter_means_exactly_the_workflows_that_match_it(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var chance = new Random(7);
        var workflows = await CrowdAsync(scene, chance, 60);
        var last = await scene.Jobs.LastWorkflowIdAsync(Stop);

        for (var each = 0; each < 300; each++)
        {
            var filter = AnyFilter(chance, workflows);
            var expected = workflows.Where(filter.Matches).Select(workflow => workflow.Id);

            Assert.Equal(expected, await IdsAsync(scene, filter, last, limit: 1 + chance.Next(20)));
        }
    }

    [Theory, OnEveryStore]
    public async Task What_is_found_says_how_it_stands(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflows = await CrowdAsync(scene, new Random(8), 20);

        foreach (
            var filter in (WorkflowFilter[])[new() { IdFrom = 1 }, new() { BusinessKey = workflows[0].BusinessKey }]
        )
        {
            var found = await scene.Jobs.FilterAsync(new FilterSearch(filter, 0, long.MaxValue, 100), Stop);

            Assert.Equal(
                workflows
                    .Where(filter.Matches)
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
            var page = await scene.Jobs.FilterAsync(new FilterSearch(filter, after, upTo, limit), Stop);
            ids.AddRange(page.Select(workflow => workflow.Id));
            if (page.Count < limit)
            {
                return ids;
            }
        }
    }

    /// <summary>Workflows of every kind, in the order of their ids.</summary>
    private static async Task<IReadOnlyList<WorkflowRecord>> CrowdAsync(Scene scene, Random chance, int count)
    {
        var parents = (await scene.FamilyAsync(children: 2)).Children.Select(child => child.Id).ToList();
        var ids = new List<long>(parents);
        for (var number = 0; number < count; number++)
        {
            var create = A.Workflow($"crowd {number}") with
            {
                WorkflowType = Any(Types),
                Version = Any(Versions),
                BusinessKey = Any(Keys),
                ExecutorGroup = Any(Groups),
                State = Any(States),
            };
            var id = (await scene.CreateAsync(create)).Creates[0].Id;
            ids.Add(id);
            scene.Pass(seconds: 1);
            if (chance.Next(3) > 0)
            {
                await scene.HappensAsync(id, Any(Events));
            }
        }

        var all = await scene.SearchAsync(new WorkflowSearch { Limit = 1000 });
        return [.. all.Reverse()];

        T Any<T>(T[] values) => values[chance.Next(values.Length)];
    }

    private static WorkflowFilter AnyFilter(Random chance, IReadOnlyList<WorkflowRecord> workflows)
    {
        var filter = new WorkflowFilter
        {
            WorkflowTypes = Some(Types),
            Versions = Some(Versions),
            States = Some(States),
            Statuses = Some(Enum.GetValues<WorkflowStatus>()),
            ExecutorGroup = Perhaps(Any(Groups)),
            CreatedFrom = Chosen() ? Workflow().Created : null,
            CreatedBefore = Chosen() ? Workflow().Created : null,
            ModifiedFrom = Chosen() ? Workflow().Modified : null,
            ModifiedBefore = Chosen() ? Workflow().Modified : null,
            IdFrom = Chosen() ? Workflow().Id : null,
            IdTo = Chosen() ? Workflow().Id : null,
        };
        return chance.Next(6) switch
        {
            0 => filter with { BusinessKey = Any(Keys) },
            1 => filter with { BusinessKeyPrefix = Any(Keys) },
            2 => filter with { ParentWorkflowId = Workflow().ParentWorkflowId },
            _ => filter,
        };

        bool Chosen() => chance.Next(8) == 0;
        string? Perhaps(string value) => Chosen() ? value : null;
        WorkflowRecord Workflow() => workflows[chance.Next(workflows.Count)];
        T Any<T>(T[] values) => values[chance.Next(values.Length)];
        T[] Some<T>(T[] values) => chance.Next(3) == 0 ? [.. values.Where(_ => chance.Next(2) == 0)] : [];
    }
}
