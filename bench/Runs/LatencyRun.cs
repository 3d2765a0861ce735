using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Runs;

/// <summary>What a workflow takes when the engine is not at its limit.</summary>
/// <param name="Idle">One at a time.</param>
/// <param name="IdleTraffic">Of a workflow, then.</param>
/// <param name="Paced">At half of the peak.</param>
internal sealed record LatencyResult(Percentiles Idle, TrafficPerWorkflow IdleTraffic, Percentiles Paced);

/// <summary>Both latencies, over one database.</summary>
internal static class LatencyRun
{
    private const string Name = "engine";

    public static async Task<LatencyResult> RunAsync(BenchSetup setup, double peakPerSecond)
    {
        var database = await setup.FilledAsync(Name);
        var (idle, traffic) = await IdleRun.RunAsync(setup, Name, database);
        var paced = await PacedRun.RunAsync(setup, Name, database, peakPerSecond / 2);
        return new LatencyResult(idle, traffic, paced);
    }
}
