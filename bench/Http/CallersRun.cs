using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Http;

/// <summary>
/// Callers that create workflows, each as fast as it is answered. They run in rounds, so that another run can take turns with this one.
/// </summary>
/// <param name="callers">Creates one workflow each; false when it was not created.</param>
/// <param name="store">The database, to count what has finished.</param>
/// <param name="prefix">Of the external ids.</param>
internal sealed class CallersRun(IReadOnlyList<Func<string, Task<bool>>> callers, IWorkflowStore store, string prefix)
{
    private readonly List<Round> rounds = [];
    private int calls;

    /// <summary>What was finished in a second, by round.</summary>
    public IReadOnlyList<double> Speeds => [.. rounds.Select(static round => round.Finished / round.Seconds)];

    /// <summary>Runs a round.</summary>
    /// <param name="leadIn">How long the callers run before anything is measured.</param>
    /// <param name="duration">How long it is measured.</param>
    /// <param name="isMeasured">False to warm up.</param>
    public async Task RunAsync(TimeSpan leadIn, TimeSpan duration, bool isMeasured = true)
    {
        var latencies = new ConcurrentQueue<double>();
        var (faults, isOpen) = (0, false);
        using var stop = new CancellationTokenSource();
        var running = callers.Select(create => Task.Run(() => CallAsync(create))).ToArray();
        await Task.Delay(leadIn);
        var (began, cpu, finished) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, await FinishedAsync());
        Volatile.Write(ref isOpen, true);
        await Task.Delay(duration);
        Volatile.Write(ref isOpen, false);
        finished = await FinishedAsync() - finished;
        var elapsed = Stopwatch.GetElapsedTime(began);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await stop.CancelAsync();
        await Task.WhenAll(running);
        if (isMeasured)
        {
            rounds.Add(new Round(elapsed.TotalSeconds, finished, cpu, [.. latencies], faults));
        }

        async Task CallAsync(Func<string, Task<bool>> create)
        {
            while (!stop.IsCancellationRequested)
            {
                var sent = Stopwatch.GetTimestamp();
                var isSound = await create($"{prefix}-{Interlocked.Increment(ref calls)}");
                if (Volatile.Read(ref isOpen))
                {
                    latencies.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }

                if (!isSound)
                {
                    Interlocked.Increment(ref faults);
                }
            }
        }
    }

    /// <summary>All rounds in one line.</summary>
    public override string ToString()
    {
        var seconds = rounds.Sum(static round => round.Seconds);
        var finished = rounds.Sum(static round => round.Finished);
        var latency = Percentiles.Of(rounds.SelectMany(static round => round.Latencies));
        var cpu = rounds.Sum(static round => round.Cpu.TotalMilliseconds);
        return $"{Figures.Text(finished / seconds)} workflows/s finished, {Figures.Text(rounds.Sum(static round => round.Latencies.Count) / seconds)} created; "
            + $"create p50 {latency.P50:0.0} ms, p99 {latency.P99:0.0} ms, max {latency.Max:0.0} ms; "
            + $"{1000 * cpu / finished:0} ms of CPU for 1,000 workflows; {rounds.Sum(static round => round.Faults)} refused";
    }

    private async Task<long> FinishedAsync() =>
        (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == Authoring.WorkflowStatus.Finished)
            .Sum(count => count.Count);

    /// <param name="Seconds">How long it was.</param>
    /// <param name="Finished">Workflows that ended in it.</param>
    /// <param name="Cpu">Of the engine, the server and the callers.</param>
    /// <param name="Latencies">Of the creates that were answered in it, in milliseconds.</param>
    /// <param name="Faults">Creates that were refused or failed.</param>
    private sealed record Round(
        double Seconds,
        long Finished,
        TimeSpan Cpu,
        IReadOnlyList<double> Latencies,
        int Faults
    );
}
