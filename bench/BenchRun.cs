using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench;

/// <summary>Everything measured once.</summary>
internal sealed record BenchResult(
    LoadResult Load,
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
        var load = await LoadRun.RunAsync(setup);
        var peak = load.Window.WorkflowsPerSecond;
        tell($"engine {Figures.Text(peak)} workflows/s, batch {Figures.Text(load.MeanBatch)}");
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

        return new BenchResult(load, control, latency, family, drain);
    }
}
