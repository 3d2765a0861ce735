using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Http;

/// <summary>
/// Concurrent callers that create workflows without pauses. They run in rounds, so that another run can alternate with this one.
/// </summary>
/// <param name="callers">Functions that create one workflow each; they return false if it was not created.</param>
/// <param name="store">The store, to count finished workflows.</param>
/// <param name="prefix">The prefix of the external ids.</param>
internal sealed class CallersRun(IReadOnlyList<Func<string, Task<bool>>> callers, IWorkflowStore store, string prefix)
{
    private readonly List<Round> rounds = [];
    private int calls;

    /// <summary>Finished workflows per second, by round.</summary>
    public IReadOnlyList<double> Speeds => [.. rounds.Select(static round => round.Finished / round.Seconds)];

    /// <summary>Runs a round.</summary>
    /// <param name="leadIn">How long the callers run before the measurement.</param>
    /// <param name="duration">The duration of the measurement.</param>
    /// <param name="isMeasured">False for a warm-up round.</param>
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
                var isValid = await create($"{prefix}-{Interlocked.Increment(ref calls)}");
                if (Volatile.Read(ref isOpen))
                {
                    latencies.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }

                if (!isValid)
                {
                    Interlocked.Increment(ref faults);
                }
            }
        }
    }

    /// <summary>A summary of all rounds.</summary>
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

    /// <param name="Seconds">The duration.</param>
    /// <param name="Finished">The number of workflows that finished.</param>
    /// <param name="Cpu">The CPU time of the engine, the server and the callers.</param>
    /// <param name="Latencies">The latencies of the creates, in milliseconds.</param>
    /// <param name="Faults">The number of creates that were rejected or failed.</param>
    private sealed record Round(
        double Seconds,
        long Finished,
        TimeSpan Cpu,
        IReadOnlyList<double> Latencies,
        int Faults
    );
}
