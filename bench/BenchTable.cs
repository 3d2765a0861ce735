using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench;

/// <summary>The results as a table for docs/inside/performance.md: medians of the runs with their ranges.</summary>
internal sealed class BenchTable(BenchOptions options, IReadOnlyList<BenchResult> results)
{
    public string ToMarkdown() =>
        string.Join(
            Environment.NewLine,
            [
                $"| {Heading} | engine | control | ratio |",
                "| --- | --- | --- | --- |",
                .. Throughput(),
                .. Traffic(),
                .. Latencies(),
                .. Crowds(),
            ]
        );

    private string Heading =>
        $"{Executors}, {Figures.Text(options.Finished)} finished before, {options.Runs} run{(options.Runs == 1 ? "" : "s")}";

    private string Executors => options.Executors == 1 ? "1 executor" : $"{options.Executors} executors";

    private IEnumerable<string> Throughput() =>
        [
            Row(
                "workflows/s",
                result => result.Load.Window.WorkflowsPerSecond,
                result => result.Control.WorkflowsPerSecond
            ),
            .. OnEmptyTable(),
            Row("steps/s", Median(result => ThreeStates.Steps * result.Load.Window.WorkflowsPerSecond)),
            Row("members of a commit", Median(result => result.Load.MeanBatch)),
            Row(
                "CPU of the processes, ms per 1,000 workflows",
                result => result.Load.Window.Processes.MillisecondsPerThousand,
                result => result.Control.Processes.MillisecondsPerThousand
            ),
            Row(
                "CPU of the processes, cores",
                Median(result => result.Load.Window.Processes.Cores, 2),
                Median(result => result.Control.Processes.Cores, 2)
            ),
            .. DatabaseCpu(),
        ];

    private IEnumerable<string> OnEmptyTable() =>
        results.All(result => result.EmptyLoad is not null)
            ?
            [
                Row("workflows/s on an empty table", Median(OfEmptyTable)),
                Row(
                    "workflows/s as a part of those on an empty table",
                    Median(result => result.Load.Window.WorkflowsPerSecond / OfEmptyTable(result), 2)
                ),
            ]
            : [];

    private static double OfEmptyTable(BenchResult result) => result.EmptyLoad!.Window.WorkflowsPerSecond;

    private IEnumerable<string> DatabaseCpu()
    {
        var windows = results.SelectMany(result => new[] { result.Load.Window, result.Control });
        if (windows.FirstOrDefault(window => window.Database is null) is { } unknown)
        {
            return [Row("CPU of the database", unknown.DatabaseUnknown!, unknown.DatabaseUnknown!)];
        }

        return
        [
            Row(
                "CPU of the database, ms per 1,000 workflows",
                result => result.Load.Window.Database!.MillisecondsPerThousand,
                result => result.Control.Database!.MillisecondsPerThousand
            ),
            Row(
                "CPU of the database, cores",
                Median(result => result.Load.Window.Database!.Cores, 2),
                Median(result => result.Control.Database!.Cores, 2)
            ),
        ];
    }

    private IEnumerable<string> Traffic() =>
        [
            Row("transactions per workflow, loaded", Median(result => result.Load.Traffic.Transactions, 3)),
            Row("round trips per workflow, loaded", RoundTrips(result => result.Load.Traffic)),
            Row("transactions per workflow, idle", Median(result => result.Latency.IdleTraffic.Transactions, 2)),
            Row("round trips per workflow, idle", RoundTrips(result => result.Latency.IdleTraffic)),
        ];

    private string RoundTrips(Func<BenchResult, TrafficPerWorkflow> traffic) =>
        results.All(result => traffic(result).RoundTrips is not null)
            ? Median(result => traffic(result).RoundTrips!.Value, 3)
            : "none, it is in the process";

    private IEnumerable<string> Latencies() =>
        [
            Row("latency, idle, ms", Spread(result => result.Latency.Idle)),
            Row("latency, half of the peak, ms", Spread(result => result.Latency.Paced)),
            Row($"latency, {options.Creators} callers that never pause, ms", Spread(result => result.Load.Latency)),
        ];

    private string Spread(Func<BenchResult, Percentiles> latency) =>
        $"p50 {Median(result => latency(result).P50, 2)}, p90 {Median(result => latency(result).P90, 2)}, "
        + $"p99 {Median(result => latency(result).P99, 2)}, max {Median(result => latency(result).Max, 1)}";

    private IEnumerable<string> Crowds()
    {
        yield return Row(
            $"parent with {Figures.Text(options.Children)} children, ms",
            Median(result => result.FamilyMilliseconds)
        );
        DrainResult[] drains = [.. results.Select(result => result.Drain).OfType<DrainResult>()];
        if (drains.Length > 0)
        {
            yield return Row(
                $"{Figures.Text(options.Parked)} parked, due at once, workflows/s",
                Figures.MedianAndRange(drains.Select(drain => drain.Window.WorkflowsPerSecond), 0)
            );
            var shares = Enumerable
                .Range(0, options.Executors)
                .Select(executor => Figures.Text(100 * drains.Average(drain => drain.Shares[executor])));
            yield return Row("commits of each executor then, %", string.Join(", ", shares));
        }
    }

    private string Row(string name, Func<BenchResult, double> engine, Func<BenchResult, double> control) =>
        Row(name, Median(engine), Median(control), Median(result => engine(result) / control(result), 2));

    private static string Row(string name, string engine, string control = "", string ratio = "") =>
        $"| {name} | {engine} | {control} | {ratio} |";

    private string Median(Func<BenchResult, double> figure, int decimals = 0) =>
        Figures.MedianAndRange(results.Select(figure), decimals);
}
