using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench;

/// <summary>The results of one run.</summary>
/// <param name="Load">The load on a table with the configured number of finished workflows.</param>
/// <param name="EmptyLoad">The same load on an empty table; null if <paramref name="Load"/> already uses one.</param>
/// <param name="Control">The raw-SQL control, on a table like that of <paramref name="Load"/>.</param>
/// <param name="Latency">The latencies, on a table like that of <paramref name="Load"/>.</param>
/// <param name="FamilyMilliseconds">A parent with many children, on an empty table.</param>
/// <param name="Drain">Parked workflows that become due at once, on an empty table; null if not measured.</param>
internal sealed record BenchResult(
    LoadResult Load,
    LoadResult? EmptyLoad,
    WindowResult Control,
    LatencyResult Latency,
    double FamilyMilliseconds,
    DrainResult? Drain
);

/// <summary>One run: all measurements, each on its own database.</summary>
internal static class BenchRun
{
    public static async Task<BenchResult> RunAsync(BenchSetup setup, Action<string> print)
    {
        var (load, emptyLoad) = await LoadsAsync(setup);
        var peak = load.Window.WorkflowsPerSecond;
        print($"engine {Figures.Text(peak)} workflows/s, batch {Figures.Text(load.MeanBatch)}");
        if (emptyLoad is not null)
        {
            print($"on an empty table {Figures.Text(emptyLoad.Window.WorkflowsPerSecond)} workflows/s");
        }

        var control = await ControlRun.RunAsync(setup, load.MeanBatch);
        print(
            $"control {Figures.Text(control.WorkflowsPerSecond)} workflows/s, "
                + $"ratio {Figures.Text(peak / control.WorkflowsPerSecond, 2)}"
        );
        var latency = await LatencyRun.RunAsync(setup, peak);
        print($"latency {latency.Idle.P50:0.00} ms idle, {latency.Paced.P50:0.00} ms at half of the peak (p50)");
        var family = await LargeFamily.RunAsync(setup);
        print($"{setup.Options.Children} children in {Figures.Text(family)} ms");
        var drain = setup.Options.Parked > 0 ? await DrainRun.RunAsync(setup) : null;
        if (drain is not null)
        {
            print(
                $"parked {Figures.Text(drain.Window.WorkflowsPerSecond)} workflows/s, commits by executor "
                    + string.Join(", ", drain.Shares.Select(share => $"{100 * share:0} %"))
            );
        }
        else if (setup.Options.Parked > 0)
        {
            print("parked not measured: they were due before all of them were parked");
        }

        return new BenchResult(load, emptyLoad, control, latency, family, drain);
    }

    /// <summary>The order alternates from run to run, because the second load runs in a warmer process.</summary>
    private static async Task<(LoadResult Load, LoadResult? Empty)> LoadsAsync(BenchSetup setup)
    {
        if (setup.Options.Finished == 0)
        {
            return (await LoadRun.RunAsync(setup), null);
        }

        if (setup.Run % 2 == 0)
        {
            var load = await LoadRun.RunAsync(setup);
            return (load, await LoadRun.RunOnEmptyAsync(setup));
        }

        var empty = await LoadRun.RunOnEmptyAsync(setup);
        return (await LoadRun.RunAsync(setup), empty);
    }
}
