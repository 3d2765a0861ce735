using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench;

/// <summary>Everything measured once.</summary>
/// <param name="Load">With the finished workflows that are to be there before.</param>
/// <param name="EmptyLoad">The same load on an empty table, where <paramref name="Load"/> is on a filled one.</param>
/// <param name="Control">The raw SQL, with as many there before as <paramref name="Load"/> had.</param>
/// <param name="Latency">With as many there before.</param>
/// <param name="FamilyMilliseconds">A parent with many children, on an empty table.</param>
/// <param name="Drain">Parked workflows that fell due at once, on an empty table; null when it was not measured.</param>
internal sealed record BenchResult(
    LoadResult Load,
    LoadResult? EmptyLoad,
    WindowResult Control,
    LatencyResult Latency,
    double FamilyMilliseconds,
    DrainResult? Drain
);

/// <summary>One run: every measurement, each over a database of its own.</summary>
internal static class BenchRun
{
    public static async Task<BenchResult> RunAsync(BenchSetup setup, Action<string> tell)
    {
        var (load, emptyLoad) = await LoadsAsync(setup);
        var peak = load.Window.WorkflowsPerSecond;
        tell($"engine {Figures.Text(peak)} workflows/s, batch {Figures.Text(load.MeanBatch)}");
        if (emptyLoad is not null)
        {
            tell($"on an empty table {Figures.Text(emptyLoad.Window.WorkflowsPerSecond)} workflows/s");
        }

        var control = await ControlRun.RunAsync(setup, load.MeanBatch);
        tell(
            $"control {Figures.Text(control.WorkflowsPerSecond)} workflows/s, "
                + $"ratio {Figures.Text(peak / control.WorkflowsPerSecond, 2)}"
        );
        var latency = await LatencyRun.RunAsync(setup, peak);
        tell($"latency {latency.Idle.P50:0.00} ms idle, {latency.Paced.P50:0.00} ms at half of the peak (p50)");
        var family = await LargeFamily.RunAsync(setup);
        tell($"{setup.Options.Children} children in {Figures.Text(family)} ms");
        var drain = setup.Options.Parked > 0 ? await DrainRun.RunAsync(setup) : null;
        if (drain is not null)
        {
            tell(
                $"parked {Figures.Text(drain.Window.WorkflowsPerSecond)} workflows/s, commits by executor "
                    + string.Join(", ", drain.Shares.Select(share => $"{100 * share:0} %"))
            );
        }
        else if (setup.Options.Parked > 0)
        {
            tell("parked not measured: they were due before all of them were parked");
        }

        return new BenchResult(load, emptyLoad, control, latency, family, drain);
    }

    /// <summary>Which one is first changes from run to run: the later one has the warmer process.</summary>
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
