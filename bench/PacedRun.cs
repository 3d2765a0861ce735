using System.Diagnostics;
using GopherFlow.Hosting;

namespace GopherFlow.Bench;

/// <summary>Creates at a steady pace below the peak, and tells how long a workflow takes then.</summary>
internal static class PacedRun
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    public static async Task<Percentiles> RunAsync(EngineOptions engineOptions, double perSecond, int finishedBefore)
    {
        await using var engine = await EngineUnderTest.StartAsync(engineOptions);
        var creates = new List<Task>();
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Tick);
        while (watch.Elapsed < Duration)
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * perSecond); creates.Count < due; )
            {
                creates.Add(engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow($"paced-{creates.Count}")));
            }

            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(creates);
        await engine.FinishedAsync(finishedBefore + creates.Count);
        return await Latencies.OfNewestAsync(engine.Store, creates.Count / 2);
    }
}
