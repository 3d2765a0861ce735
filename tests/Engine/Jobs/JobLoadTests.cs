using GopherFlow.Authoring;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Jobs;

/// <summary>A job over very many workflows does not hold up what runs beside it.</summary>
public sealed class JobLoadTests
{
    private const int Many = 12_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.InMemory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Workflows_run_from_start_to_end_between_the_pages_of_a_job(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddW().AddDefinition(Quick()));
        await Crowd.CreateAsync(engine, Many);

        var jobId = await engine.Jobs.StartAsync(Crowd.Pause, Stop);
        var finished = 0;
        while ((await engine.Jobs.FindAsync(jobId, Stop))!.Status != JobStatus.Done)
        {
            var id = await engine.CreateAsync("Quick", $"quick {finished}");
            await engine.UntilAsync(id, WorkflowStatus.Finished);
            finished++;
        }

        Assert.Equal((JobStatus.Done, Many, Many, 0, 0), (await engine.Jobs.FindAsync(jobId, Stop))!.Tally());
        Assert.True(finished >= 10, $"{finished} workflows have finished while the job ran.");
    }

    private static GopherFlow.Definitions.WorkflowDefinition Quick() => Execution.Machines.Trivial("Quick");
}
