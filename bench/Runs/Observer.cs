using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Queries the database on its own connections. Counts its queries, so that they can be subtracted from the work of the engine.
/// </summary>
internal sealed class Observer : IAsyncDisposable
{
    private const int Page = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly IWorkflowStore store;

    private Observer(IWorkflowStore store) => this.store = store;

    /// <summary>The number of queries so far.</summary>
    public long Queries { get; private set; }

    public static async Task<Observer> OpenAsync(IWorkflowStore store)
    {
        await store.InitializeAsync(CancellationToken.None);
        var observer = new Observer(store);
        await observer.FinishedAsync();
        return observer;
    }

    /// <summary>The number of finished workflows, from the counts that every commit updates.</summary>
    public async Task<long> FinishedAsync()
    {
        Queries++;
        return (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == WorkflowStatus.Finished)
            .Sum(count => count.Count);
    }

    /// <summary>The number of finished workflows of one type.</summary>
    public async Task<long> FinishedAsync(string type)
    {
        Queries++;
        return (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == WorkflowStatus.Finished && count.WorkflowType == type)
            .Sum(count => count.Count);
    }

    /// <summary>Waits until that many workflows have finished.</summary>
    public async Task WaitForFinishedAsync(long wanted)
    {
        while (await FinishedAsync() < wanted)
        {
            await Task.Delay(Pause);
        }
    }

    /// <summary>The latencies of the newest workflows, created to finished, in milliseconds, by the timestamps of their commits.</summary>
    public async Task<Percentiles> LatenciesOfNewestAsync(int count)
    {
        var latencies = new List<double>(count);
        long? before = null;
        while (latencies.Count < count)
        {
            Queries++;
            var page = await store.SearchAsync(
                new WorkflowSearch { Limit = Math.Min(Page, count - latencies.Count), BeforeId = before },
                CancellationToken.None
            );
            latencies.AddRange(
                page.Workflows.Select(workflow => (workflow.Finished!.Value - workflow.Created).TotalMilliseconds)
            );
            before = page.Workflows[^1].Id;
        }

        return Percentiles.Of(latencies);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
