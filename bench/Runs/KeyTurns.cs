using System.Diagnostics;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Measures how long keys wait for their turn, as the number of workflows that finish in the meantime. The time during which a killed
/// executor holds the permit of a key does not count as waiting, because the permit is in use until the takeover.
/// </summary>
internal sealed class KeyTurns
{
    /// <summary>Steps of this run are much shorter than this, unless their executor is dead.</summary>
    private static readonly TimeSpan DeadAfter = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<long> orphans = [];
    private Dictionary<long, long> seenSince = [];

    /// <summary>Records the running workflows, to find those whose executor is dead.</summary>
    public void Observe(IReadOnlyList<WorkflowRecord> running)
    {
        seenSince = running.ToDictionary(
            workflow => workflow.Id,
            workflow => seenSince.GetValueOrDefault(workflow.Id, Stopwatch.GetTimestamp())
        );
        orphans.UnionWith(
            seenSince.Where(seen => Stopwatch.GetElapsedTime(seen.Value) > DeadAfter).Select(seen => seen.Key)
        );
    }

    /// <summary>
    /// The turns of a type while all keys have waiting workflows: without the first and the last tenth.
    /// </summary>
    public async Task<string> DescribeAsync(IWorkflowStore store, string type)
    {
        var ends = await EndsAsync(store, type);
        var takeovers = await TakeoversAsync(store);
        var last = new Dictionary<string, int>();
        var (between, waited) = (new List<double>(), new List<double>());
        for (var turn = ends.Count / 10; turn < ends.Count * 9 / 10; turn++)
        {
            var (finished, key) = ends[turn];
            if (last.TryGetValue(key, out var earlier))
            {
                between.Add(turn - earlier);
                var takeover = takeovers[key].Where(at => at > ends[earlier].Finished && at < finished).Max();
                waited.Add(takeover is null ? turn - earlier : turn - ends.FindIndex(end => end.Finished > takeover));
            }

            last[key] = turn;
        }

        return $"{Percentiles.Of(between)}; without the time for which {orphans.Count} were held by killed executors: "
            + $"{Percentiles.Of(waited)}";
    }

    private static async Task<List<(DateTimeOffset Finished, string Key)>> EndsAsync(IWorkflowStore store, string type)
    {
        var ends = new List<(DateTimeOffset Finished, string Key)>();
        long? before = null;
        do
        {
            var page = await store.SearchAsync(
                new WorkflowSearch
                {
                    Filter = new() { WorkflowTypes = [type] },
                    Limit = 1000,
                    BeforeId = before,
                },
                CancellationToken.None
            );
            ends.AddRange(page.Workflows.Select(workflow => (workflow.Finished!.Value, workflow.BusinessKey)));
            before = page.NextBeforeId;
        } while (before is not null);

        ends.Sort();
        return ends;
    }

    /// <summary>When workflows were taken over, by key.</summary>
    private async Task<ILookup<string, DateTimeOffset?>> TakeoversAsync(IWorkflowStore store)
    {
        var takeovers = new List<(string Key, DateTimeOffset? At)>();
        foreach (var id in orphans)
        {
            var workflow = await store.FindAsync(id, CancellationToken.None);
            var history = await store.ActionsAsync(new ActionSearch(id, 100), CancellationToken.None);
            takeovers.AddRange(
                history
                    .Where(action => action.Entry.Kind == HistoryKind.TakenOver)
                    .Select(action => (workflow!.BusinessKey, (DateTimeOffset?)action.DateTime))
            );
        }

        return takeovers.ToLookup(takeover => takeover.Key, takeover => takeover.At);
    }
}
