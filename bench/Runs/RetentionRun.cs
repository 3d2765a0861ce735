using System.Diagnostics;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Workflows at a constant rate, first without retention, then while retention deletes the existing finished workflows, and those of the
/// load half a minute after their end.
/// </summary>
internal static class RetentionRun
{
    private const string Name = "retention";
    private const int Sample = 1000;

    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        var filled = await setup.FilledAsync(Name);
        var without = filled with { Options = filled.Options with { RetentionInterval = TimeSpan.Zero } };
        var alone = await PacedAsync(setup, without, "alone", _ => Alone);
        print($"without retention: {Text(alone)}");

        await using var store = setup.Database.Store(filled);
        await store.InitializeAsync(CancellationToken.None);
        var keptAtMost = (long)(setup.Options.Retention * 2 * Retention.TotalSeconds);
        var with = filled with
        {
            Options = filled.Options with
            {
                RetentionFinished = Retention,
                RetentionInterval = TimeSpan.FromSeconds(1),
            },
        };
        var began = Stopwatch.StartNew();
        TimeSpan? caughtUp = null;
        var beside = await PacedAsync(
            setup,
            with,
            "beside",
            kept =>
            {
                print($"{began.Elapsed.TotalSeconds:0} s: {kept:N0} finished workflows");
                caughtUp ??= kept < keptAtMost ? began.Elapsed : null;
                return caughtUp + TimeSpan.FromSeconds(30) ?? AtMost;
            }
        );
        print($"with retention: {Text(beside)}; caught up after {caughtUp?.TotalSeconds:0} s");

        var counts = await store.CountsAsync(CancellationToken.None);
        await store.RebuildCountsAsync(CancellationToken.None);
        var full = await store.CountsAsync(CancellationToken.None);
        print(
            $"counts {(counts.ToHashSet().SetEquals(full) ? "equal" : "DIFFER FROM")} a full count: {full.Sum(count => count.Count):N0}"
        );
    }

    private static string Text(Percentiles latency) =>
        $"p50 {latency.P50:0.00} ms, p90 {latency.P90:0.00} ms, p99 {latency.P99:0.00} ms, max {latency.Max:0.0} ms";

    /// <param name="setup">The measurement.</param>
    /// <param name="target">The database.</param>
    /// <param name="prefix">The prefix of the external ids.</param>
    /// <param name="duration">Returns the total duration, given the current number of finished workflows.</param>
    private static async Task<Percentiles> PacedAsync(
        BenchSetup setup,
        Target target,
        string prefix,
        Func<long, TimeSpan> duration
    )
    {
        await using var session = await Session.StartAsync(setup, Name, target, executors: 1);
        await using var store = setup.Database.Store(target);
        await store.InitializeAsync(CancellationToken.None);
        var latencies = new List<double>();
        var creates = new List<Task>();
        var watch = Stopwatch.StartNew();
        var ends = AtMost;
        using var stop = new CancellationTokenSource();
        var sampling = SampleAsync();
        using var timer = new PeriodicTimer(Tick);
        for (var created = 0; watch.Elapsed < ends; )
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * setup.Options.Retention); created < due; created++)
            {
                creates.Add(
                    session.Engine.Operations.CreateAsync(
                        EngineUnderTest.NewWorkflow($"{setup.Prefix(prefix)}-{created}")
                    )
                );
            }

            creates.RemoveAll(create => create.IsCompletedSuccessfully);
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(creates);
        await stop.CancelAsync();
        await sampling;
        return Percentiles.Of(latencies);

        // Each second, samples workflows that were created about a second ago.
        async Task SampleAsync()
        {
            for (var seconds = 1; !stop.IsCancellationRequested; seconds++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                var newest = await store.SearchAsync(new WorkflowSearch { Limit = 1 }, CancellationToken.None);
                var page = await store.SearchAsync(
                    new WorkflowSearch { Limit = Sample, BeforeId = newest.Workflows[0].Id - setup.Options.Retention },
                    CancellationToken.None
                );
                latencies.AddRange(
                    page.Workflows.Where(row =>
                            row.ExternalId.StartsWith(setup.Prefix(prefix), StringComparison.Ordinal)
                        )
                        .Select(row => ((row.Finished ?? newest.Workflows[0].Created) - row.Created).TotalMilliseconds)
                );
                if (seconds % 5 == 0)
                {
                    ends = duration(await session.Observer.FinishedAsync());
                }
            }
        }
    }
}
