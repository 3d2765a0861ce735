using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance;

/// <summary>The earliest due time, by definition and group.</summary>
public sealed class FirstDueTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Without_parked_workflows_nothing_is_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.RunningAsync("owned");

        Assert.Empty(await scene.Store.FirstDueAsync([A.Of(A.Type)], Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_first_due_time_of_each_definition_and_group_ignores_priority(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("first priority, later", seconds: 30) with
            {
                Priority = 1,
            },
            Due("last priority, sooner", seconds: 10) with
            {
                Priority = 9,
            },
            Due("other group", seconds: 20) with
            {
                ExecutorGroup = "other",
            },
            Due("other version", seconds: 5) with
            {
                Version = "v2",
            },
            Due("not asked for", seconds: 1) with
            {
                WorkflowType = "Parcel",
            }
        );

        var first = await scene.Store.FirstDueAsync([A.Of(A.Type), new DefinitionKey(A.Type, "v2")], Stop);

        Assert.Equal(
            [
                new FirstDue(A.Of(A.Type), A.Group, A.FirstInstant.AddSeconds(10)),
                new FirstDue(A.Of(A.Type), "other", A.FirstInstant.AddSeconds(20)),
                new FirstDue(new DefinitionKey(A.Type, "v2"), A.Group, A.FirstInstant.AddSeconds(5)),
            ],
            first.OrderBy(due => (due.Definition.Version, due.ExecutorGroup))
        );
    }

    [Theory, OnEveryStore]
    public async Task Workflows_are_listed_by_due_time_regardless_of_priority_and_group(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Due("4", seconds: 40),
            Due("3", seconds: 30) with
            {
                ExecutorGroup = "other",
            },
            Due("1", seconds: 10) with
            {
                Priority = 9,
            },
            Due("5", seconds: 50) with
            {
                Priority = 1,
            },
            Due("2", seconds: 20) with
            {
                Version = "v2",
            },
            Due("not asked for", seconds: 1) with
            {
                WorkflowType = "Parcel",
            }
        );
        await scene.RunningAsync("owned");

        Assert.Equal(["1", "2", "3", "4"], await NextAsync(limit: 4));
        Assert.Equal(["1", "2", "3", "4", "5"], await NextAsync(limit: 10));

        async Task<IReadOnlyList<string>> NextAsync(int limit)
        {
            var ids = await scene.Store.UpcomingAsync([A.Of(A.Type), new DefinitionKey(A.Type, "v2")], limit, Stop);
            var found = new List<string>();
            foreach (var id in ids)
            {
                found.Add((await scene.FindAsync(id)).ExternalId);
            }

            return found;
        }
    }

    [Theory, OnEveryStore]
    public async Task Owned_and_final_workflows_are_ignored(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.RunningAsync("owned");
        await scene.OneOfEachStatusAsync();
        var parked = (await scene.SearchAsync(new WorkflowSearch { Limit = 100 })).Where(row =>
            row.NextActivation is not null
        );

        var first = await scene.Store.FirstDueAsync([A.Of(A.Type)], Stop);

        Assert.Equal([new FirstDue(A.Of(A.Type), A.Group, parked.Min(row => row.NextActivation!.Value))], first);
    }

    [Theory, OnEveryStore]
    public async Task A_claim_returns_since_when_each_workflow_was_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Due("later", seconds: 20), Due("sooner", seconds: 10));
        scene.Pass(seconds: 60);

        var result = await scene.ClaimAsync();

        Assert.Equal(["sooner", "later"], result.Claimed.Select(row => row.ExternalId));
        Assert.Equal([A.FirstInstant.AddSeconds(10), A.FirstInstant.AddSeconds(20)], result.DueSince);
    }

    private static NewWorkflow Due(string externalId, double seconds) =>
        A.Workflow(externalId) with
        {
            NextActivation = A.FirstInstant.AddSeconds(seconds),
        };
}
