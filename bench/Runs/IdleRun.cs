using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;
using GopherFlow.Operations;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>One workflow at a time on one idle executor, from the call of create to the change event with status finished.</summary>
internal static class IdleRun
{
    private const int Warmup = 200;

    public static async Task<(Percentiles, TrafficPerWorkflow)> RunAsync(BenchSetup setup, string name, Target database)
    {
        await using var session = await Session.StartAsync(setup, name, database, executors: 1);
        var count = Warmup + setup.Options.Idle;
        var latencies = new List<double>(count);
        using (var changes = session.Engine.Feed.Subscribe())
        {
            while (latencies.Count < count)
            {
                var began = Stopwatch.GetTimestamp();
                var created = await session.Engine.Operations.CreateAsync(
                    EngineUnderTest.NewWorkflow($"{setup.Prefix("idle")}-{latencies.Count}")
                );
                while (!await FinishesAsync(session, await changes.ReadAsync(), created.Id)) { }

                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var (traffic, _) = await session.CloseAsync();
        return (Percentiles.Of(latencies.Skip(Warmup)), TrafficPerWorkflow.Of(traffic, count));
    }

    /// <summary>Whether the workflow has finished. After a gap the store is queried, because the change event may be lost.</summary>
    private static async ValueTask<bool> FinishesAsync(Session session, FeedItem item, long id) =>
        item is FeedItem.Batch batch
            ? batch.Changes.Any(change => change.Id == id && change.Status == WorkflowStatus.Finished)
            : (await session.Engine.Operations.WaitAsync(id, [], TimeSpan.Zero)).Verdict == WaitVerdict.Reached;
}
