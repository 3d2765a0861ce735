using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>Looks at what is in the database, on connections of its own, and counts how often, for that is no work of the engine's.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private const int Page = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly IWorkflowStore store;

    private Observer(IWorkflowStore store) => this.store = store;

    /// <summary>How many queries it has made.</summary>
    public long Queries { get; private set; }

    public static async Task<Observer> OpenAsync(IWorkflowStore store)
    {
        await store.InitializeAsync(CancellationToken.None);
        var observer = new Observer(store);
        await observer.FinishedAsync();
        return observer;
    }

    /// <summary>How many workflows are finished, by the counts that every commit keeps.</summary>
    public async Task<long> FinishedAsync()
    {
        Queries++;
        return (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == WorkflowStatus.Finished)
            .Sum(count => count.Count);
    }

    /// <summary>The same of one type.</summary>
    public async Task<long> FinishedAsync(string type)
    {
        Queries++;
        return (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == WorkflowStatus.Finished && count.WorkflowType == type)
            .Sum(count => count.Count);
    }

    /// <summary>Waits until that many are.</summary>
    public async Task WaitForFinishedAsync(long wanted)
    {
        while (await FinishedAsync() < wanted)
        {
            await Task.Delay(Pause);
        }
    }

    /// <summary>How long the workflows created last took from created to finished, in milliseconds, by the instants of their commits.</summary>
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
