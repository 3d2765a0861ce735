using GopherFlow.Bench.Costs;

namespace GopherFlow.Bench.Runs;

/// <summary>The latency of a workflow when the engine is not saturated.</summary>
/// <param name="Idle">With one workflow at a time.</param>
/// <param name="IdleTraffic">The traffic of a workflow with one workflow at a time.</param>
/// <param name="Paced">At half of the peak throughput.</param>
internal sealed record LatencyResult(Percentiles Idle, TrafficPerWorkflow IdleTraffic, Percentiles Paced);

/// <summary>Measures both latencies on one database.</summary>
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
