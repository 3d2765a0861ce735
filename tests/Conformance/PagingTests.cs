using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Paging of workflows and history.</summary>
public sealed class PagingTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Pages_by_key_return_each_workflow_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await CreateAsync(scene, 1, 25);

        var pages = await PagesAsync(scene, new WorkflowSearch { Limit = 10 });

        Assert.Equal([10, 10, 5], pages.Select(page => page.Count));
        Assert.Equal(Names(25, 1), pages.SelectMany(page => page).Select(row => row.ExternalId));
    }

    [Theory, OnEveryStore]
    public async Task Pages_by_key_neither_skip_nor_repeat_while_rows_are_added_and_changed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await CreateAsync(scene, 1, 30);
        var round = 0;

        var pages = await PagesAsync(
            scene,
            new WorkflowSearch { Limit = 10 },
            async page =>
            {
                await CreateAsync(scene, 100 + (round * 10), 5);
                await scene.SetVariableAsync(page[^1], "seen", "true");
                await scene.MoveAsync(page[0], A.Move("Stopped", WorkflowStatus.Cancelled));
                round++;
            }
        );

        Assert.Equal(Names(30, 1), pages.SelectMany(page => page).Select(row => row.ExternalId));
    }

    [Theory, OnEveryStore]
    public async Task Every_kind_of_search_can_be_paged(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await CreateAsync(scene, 1, 7);
        var parent = (await scene.SearchAsync(new WorkflowSearch()))[0];
        await scene.ClaimAsync();
        await scene.CommittedAsync(
            (await scene.AgainAsync(parent)).GoesTo("Split") with
            {
                Children = [.. Names(18, 8).Select(A.Workflow)],
            }
        );
        WorkflowSearch[] searches =
        [
            new() { Filter = new() { WorkflowTypes = [A.Type] } },
            new() { Filter = new() { Statuses = [WorkflowStatus.New] } },
            new() { Filter = new() { ParentWorkflowId = parent.Id } },
            new() { BusinessKey = "business" },
            new() { Filter = new() { States = [A.FirstState] } },
        ];
        foreach (var search in searches)
        {
            var whole = await scene.SearchAsync(search);
            var pages = await PagesAsync(scene, search with { Limit = 4 });

            Assert.Equal(whole, pages.SelectMany(page => page));
            Assert.All(pages.SkipLast(1), page => Assert.Equal(4, page.Count));
        }
    }

    [Theory, OnEveryStore]
    public async Task Offset_and_limit_select_a_page(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await CreateAsync(scene, 1, 10);

        var page = await scene.SearchAsync(new WorkflowSearch { Offset = 3, Limit = 4 });
        var last = await scene.SearchAsync(new WorkflowSearch { Offset = 8, Limit = 4 });

        Assert.Equal(Names(7, 4), page.Select(row => row.ExternalId));
        Assert.Equal(Names(2, 1), last.Select(row => row.ExternalId));
        Assert.Empty(await scene.SearchAsync(new WorkflowSearch { Offset = 10 }));
        Assert.Empty(await scene.SearchAsync(new WorkflowSearch { Limit = 0 }));
    }

    [Theory, OnEveryStore]
    public async Task The_default_page_size_is_fifty(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await CreateAsync(scene, 1, 51);

        Assert.Equal(50, (await scene.SearchAsync(new WorkflowSearch())).Count);
    }

    [Theory, OnEveryStore]
    public async Task History_is_paged_newest_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");
        var going = workflow;
        for (var step = 1; step <= 9; step++)
        {
            going = await scene.CommittedAsync(going.GoesTo($"S{step}"));
            await scene.CreatedAsync($"between-{step}");
        }

        var entries = new List<ActionRecord>();
        var sizes = new List<int>();
        IReadOnlyList<ActionRecord> page = await scene.Store.ActionsAsync(new ActionSearch(workflow.Id, 4), Stop);
        while (page.Count > 0)
        {
            sizes.Add(page.Count);
            entries.AddRange(page);
            going = await scene.CommittedAsync(going.GoesTo("Later"));
            page = await scene.Store.ActionsAsync(new ActionSearch(workflow.Id, 4, entries[^1].Id), Stop);
        }

        Assert.Equal([4, 4, 2], sizes);
        Assert.Equal(
            [.. Enumerable.Range(1, 9).Reverse().Select(step => $"S{step}"), A.FirstState],
            entries.Select(entry => entry.Entry.To)
        );
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_does_not_exist_has_no_history(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");

        Assert.Empty(await scene.Store.ActionsAsync(new ActionSearch(workflow.Id + 1000, 10), Stop));
    }

    private static async Task<List<IReadOnlyList<WorkflowRecord>>> PagesAsync(
        Scene scene,
        WorkflowSearch search,
        Func<IReadOnlyList<WorkflowRecord>, Task>? between = null
    )
    {
        var pages = new List<IReadOnlyList<WorkflowRecord>>();
        for (var page = await scene.SearchAsync(search); page.Count > 0; )
        {
            pages.Add(page);
            if (between is not null)
            {
                await between(page);
            }

            page = await scene.SearchAsync(search with { BeforeId = page[^1].Id });
        }

        return pages;
    }

    private static Task<WriteResult> CreateAsync(Scene scene, int first, int count) =>
        scene.CreateAsync([.. Names(first, first + count - 1).Select(A.Workflow)]);

    /// <summary>Names numbered from one value to another, ascending or descending.</summary>
    private static IEnumerable<string> Names(int from, int to) =>
        Enumerable.Range(0, Math.Abs(to - from) + 1).Select(step => $"order-{from + (step * Math.Sign(to - from))}");
}
