using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Storage;

namespace GopherFlow.Operations.Jobs;

/// <summary>Walks by id through the workflows that match a filter. No single query takes long, however many workflows there are.</summary>
internal sealed class FilterWalk(IJobStore jobs, TimeProvider clock)
{
    private const int CountedAtOnce = 1_000;

    /// <summary>Returns the next workflows, and the id up to which the walk is complete.</summary>
    public async Task<(IReadOnlyList<FilteredWorkflow> Found, long UpToId)> NextAsync(
        WorkflowFilter filter,
        long afterId,
        long lastId,
        int limit,
        CancellationToken cancellation
    )
    {
        var upToId = filter.IsNarrow ? lastId : Math.Min(lastId, afterId + WorkflowFilter.Window);
        var found = await jobs.FilterAsync(
            new FilterSearch(filter, afterId, upToId, limit) { Now = clock.Now() },
            cancellation
        );
        return (found, found.Count < limit ? upToId : found[^1].Id);
    }

    /// <summary>The range of ids of a job over a filter. It ends at the newest workflow that exists now.</summary>
    public async Task<(long AfterId, long UpToId)> RangeAsync(WorkflowFilter filter, CancellationToken cancellation)
    {
        var last = await jobs.LastWorkflowIdAsync(cancellation);
        return (Math.Max(0, (filter.IdFrom ?? 1) - 1), Math.Min(last, filter.IdTo ?? long.MaxValue));
    }

    /// <summary>Counts the workflows by type and status.</summary>
    public async Task<JobForecast> CountAsync(
        WorkflowFilter filter,
        long afterId,
        long lastId,
        Func<Task> afterEachPage,
        CancellationToken cancellation
    )
    {
        var counts = new Dictionary<(string Type, WorkflowStatus Status), long>();
        while (afterId < lastId)
        {
            (var found, afterId) = await NextAsync(filter, afterId, lastId, CountedAtOnce, cancellation);
            foreach (var workflow in found)
            {
                var key = (workflow.WorkflowType, workflow.Status);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }

            await afterEachPage();
        }

        return new JobForecast(
            counts.Values.Sum(),
            [
                .. counts
                    .Select(count => new JobForecastCount(count.Key.Type, count.Key.Status, count.Value))
                    .OrderBy(count => count.WorkflowType, StringComparer.Ordinal)
                    .ThenBy(count => count.Status),
            ]
        );
    }
}
