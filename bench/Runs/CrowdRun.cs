using GopherFlow.Bench.Costs;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>Many idle executors on one database. Measures the cost of heartbeats and polling.</summary>
internal static class CrowdRun
{
    private const int AtOnce = 10;

    /// <summary>Leases are 30 s, so each executor has sent some heartbeats by then.</summary>
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        var target = await setup.FilledAsync("crowd");
        await using var server = await setup.Database.ServerAsync(target);
        var engines = new List<EngineUnderTest>();
        foreach (var some in Enumerable.Range(0, setup.Options.Crowd).Chunk(AtOnce))
        {
            engines.AddRange(
                await Task.WhenAll(some.Select(_ => EngineUnderTest.StartAsync(target, setup.Options, setup.Counters)))
            );
        }

        await Task.Delay(Warmup);
        var before = await server.CountsAsync();
        var window = new CpuWindow(static () => Environment.CpuUsage.TotalTime, server);
        await Task.Delay(TimeSpan.FromSeconds(setup.Options.Seconds));
        var result = window.End(1);
        var transactions = (await server.CountsAsync() - before).Transactions;
        print(
            $"{engines.Count} idle executors: {100 * result.Processes.Cores:0.0} % of a core, the database "
                + $"{(result.Database is { } database ? $"{100 * database.Cores:0.0} % of a core" : result.DatabaseUnknown)}; "
                + $"{(double)transactions / setup.Options.Seconds:0} transactions/s"
        );
        foreach (var some in engines.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(static engine => engine.DisposeAsync().AsTask()));
        }
    }
}
