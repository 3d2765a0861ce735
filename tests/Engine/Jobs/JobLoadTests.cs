using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations.Jobs;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>A job over very many workflows does not delay other workflows.</summary>
public sealed class JobLoadTests
{
    private const int Many = 6_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A workflow created before each page, and one created while the page is written, finish before the next page.</summary>
    [Theory]
    [InlineData(StoreKind.InMemory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Workflows_run_from_start_to_end_between_the_pages_of_a_job(StoreKind kind)
    {
        await using var scene = await Scene.OpenAsync(kind);
        var engine = await scene.StartAsync(g => g.AddDefinition(Machines.Trivial("Quick")));
        await Crowd.CreateAsync(engine, Many);
        var sizes = new List<int>();
        scene.Around(
            async (page, write) =>
            {
                var before = await engine.CreateAsync("Quick", $"before {sizes.Count}");
                await engine.UntilAsync(before, WorkflowStatus.Finished);
                var writing = write();
                var beside = await engine.CreateAsync("Quick", $"beside {sizes.Count}");
                var result = await writing;
                await engine.UntilAsync(beside, WorkflowStatus.Finished);
                sizes.Add(page.WorkflowIds.Count);
                return result;
            }
        );

        var job = await Crowd.DoAsync(engine, Crowd.Pause);

        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), job.Tally());
        Assert.Equal(Many, sizes.Sum());
        Assert.All(sizes, size => Assert.True(size <= JobRunner.PageSize, $"a page of {size}"));
        var counts = await engine.Store.CountsAsync(Stop);
        Assert.Equal(2 * sizes.Count, counts.Where(count => count.WorkflowType == "Quick").Sum(count => count.Count));
    }
}
