using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Hosting;

namespace GopherFlow.Bench;

/// <summary>One workflow at a time on an idle engine: from the call of create to the change that says finished.</summary>
internal static class IdleRun
{
    private const int Warmup = 200;

    public static async Task<Percentiles> RunAsync(BenchOptions options, EngineOptions engineOptions)
    {
        await using var engine = await EngineUnderTest.StartAsync(engineOptions);
        using var changes = engine.Feed.Subscribe();
        var latencies = new List<double>();
        for (var number = 0; number < Warmup + options.Idle; number++)
        {
            var began = Stopwatch.GetTimestamp();
            var created = await engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow($"idle-{number}"));
            while (await changes.Reader.ReadAsync() is var change)
            {
                if (change.Id == created.Id && change.Status == WorkflowStatus.Finished)
                {
                    break;
                }
            }

            if (number >= Warmup)
            {
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return Percentiles.Of(latencies);
    }
}
