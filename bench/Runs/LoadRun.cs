using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>The result of one load run.</summary>
/// <param name="Window">From the first create to the last finish.</param>
/// <param name="MeanBatch">The mean number of members of a commit, in the process that creates workflows.</param>
/// <param name="Latency">From created to finished, in milliseconds.</param>
/// <param name="Traffic">The traffic per workflow, from the startup of the engine to its shutdown, including the warm-up.</param>
internal sealed record LoadResult(
    WindowResult Window,
    double MeanBatch,
    Percentiles Latency,
    TrafficPerWorkflow Traffic
);

/// <summary>Creates workflows as fast as the engine accepts them, and waits for the last one to finish.</summary>
internal static class LoadRun
{
    /// <summary>On a table with the configured number of finished workflows.</summary>
    public static async Task<LoadResult> RunAsync(BenchSetup setup)
    {
        const string name = "engine";
        return await RunAsync(setup, name, await setup.FilledAsync(name));
    }

    /// <summary>On an empty table.</summary>
    public static async Task<LoadResult> RunOnEmptyAsync(BenchSetup setup)
    {
        const string name = "empty";
        return await RunAsync(setup, name, await setup.EmptyAsync(name));
    }

    private static async Task<LoadResult> RunAsync(BenchSetup setup, string name, Target database)
    {
        var options = setup.Options;
        await using var session = await Session.StartAsync(setup, name, database, options.Executors);
        var wanted = await session.Observer.FinishedAsync() + options.Warmup;
        await session.Engine.CreateAllAsync(options.Creators, options.Warmup, setup.Prefix("warmup"));
        await session.Observer.WaitForFinishedAsync(wanted);

        var before = session.Now;
        var window = new CpuWindow(session.Cpu, session.Server);
        await session.Engine.CreateAllAsync(options.Creators, options.Workflows, setup.Prefix("load"));
        await session.Observer.WaitForFinishedAsync(wanted + options.Workflows);
        var result = window.End(options.Workflows);

        var meanBatch = (session.Now - before).MeanBatch;
        var latency = await session.Observer.LatenciesOfNewestAsync(options.Workflows);
        var (traffic, _) = await session.CloseAsync();
        return new LoadResult(
            result,
            meanBatch,
            latency,
            TrafficPerWorkflow.Of(traffic, options.Warmup + options.Workflows)
        );
    }
}
