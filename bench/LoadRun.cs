using System.Diagnostics;
using GopherFlow.Hosting;

namespace GopherFlow.Bench;

/// <summary>The result of one load run.</summary>
/// <param name="WorkflowsPerSecond">From the first create to the last finish.</param>
/// <param name="MeanBatch">Members of a commit.</param>
/// <param name="Latency">Created to finished, in milliseconds, by the instants of the commits.</param>
/// <param name="CpuSecondsPerSecond">How many cores the process used.</param>
internal sealed record LoadResult(
    double WorkflowsPerSecond,
    double MeanBatch,
    Percentiles Latency,
    double CpuSecondsPerSecond
);

/// <summary>Creates workflows as fast as the engine takes them, and waits for the last one to finish.</summary>
internal static class LoadRun
{
    public static async Task<LoadResult> RunAsync(BenchOptions options, EngineOptions engineOptions)
    {
        await using var engine = await EngineUnderTest.StartAsync(engineOptions);
        var before = options.Finished + options.Warmup;
        await CreateAllAsync(engine, options.Creators, options.Warmup, "warmup");
        await engine.FinishedAsync(before);
        engine.TakeMeanBatch();

        var cpuBefore = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await CreateAllAsync(engine, options.Creators, options.Workflows, "load");
        await engine.FinishedAsync(before + options.Workflows);
        var elapsed = watch.Elapsed;
        var cpu = Environment.CpuUsage.TotalTime - cpuBefore;
        return new LoadResult(
            options.Workflows / elapsed.TotalSeconds,
            engine.TakeMeanBatch(),
            await Latencies.OfNewestAsync(engine.Store, options.Workflows),
            cpu / elapsed
        );
    }

    private static async Task CreateAllAsync(EngineUnderTest engine, int creators, int count, string prefix)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, creators).Select(_ => Task.Run(CreateAsync)));

        async Task CreateAsync()
        {
            for (
                var number = Interlocked.Increment(ref next);
                number <= count;
                number = Interlocked.Increment(ref next)
            )
            {
                await engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow($"{prefix}-{number}"));
            }
        }
    }
}
