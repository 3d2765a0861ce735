using System.Diagnostics;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;

namespace GopherFlow.Bench.Runs;

/// <summary>Creates workflows at a constant rate below the peak, and measures their latency.</summary>
internal static class PacedRun
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    public static async Task<Percentiles> RunAsync(BenchSetup setup, string name, Target database, double perSecond)
    {
        await using var session = await Session.StartAsync(setup, name, database, setup.Options.Executors);
        var before = await session.Observer.FinishedAsync();
        var creates = new List<Task>();
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Tick);
        while (watch.Elapsed < Duration)
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * perSecond); creates.Count < due; )
            {
                var externalId = $"{setup.Prefix("paced")}-{creates.Count}";
                creates.Add(session.Engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow(externalId)));
            }

            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(creates);
        await session.Observer.WaitForFinishedAsync(before + creates.Count);
        return await session.Observer.LatenciesOfNewestAsync(creates.Count / 2);
    }
}
