using GopherFlow.Persistence;

namespace GopherFlow.Bench;

/// <summary>How long workflows took from created to finished, in milliseconds, by the instants of their commits.</summary>
internal static class Latencies
{
    private const int Page = 1000;

    /// <summary>Of the workflows created last.</summary>
    public static async Task<Percentiles> OfNewestAsync(IWorkflowStore store, int count)
    {
        var latencies = new List<double>(count);
        long? before = null;
        while (latencies.Count < count)
        {
            var page = await store.SearchAsync(
                new WorkflowSearch { Limit = Math.Min(Page, count - latencies.Count), BeforeId = before },
                CancellationToken.None
            );
            latencies.AddRange(
                page.Select(workflow => (workflow.Finished!.Value - workflow.Created).TotalMilliseconds)
            );
            before = page[^1].Id;
        }

        return Percentiles.Of(latencies);
    }
}
