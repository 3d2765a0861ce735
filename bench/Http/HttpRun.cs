using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Databases;
using GopherFlow.Bench.Processes;
using GopherFlow.Bench.Runs;

namespace GopherFlow.Bench.Http;

/// <summary>
/// Clients that create workflows, each as fast as it is answered: first callers of the engine in its process, then clients of the whole server over
/// HTTP, on databases of their own.
/// </summary>
internal static class HttpRun
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(BenchSetup setup, Action<string> tell)
    {
        var clients = setup.Options.Http;
        var duration = TimeSpan.FromSeconds(setup.Options.Seconds);
        var engine = await EngineAsync(setup, clients, duration);
        tell($"engine, {clients} callers: {engine}");
        var http = await HttpAsync(setup, clients, duration, tell);
        tell($"HTTP, {clients} clients: {http}");
        tell($"HTTP makes {100 * http.FinishedPerSecond / engine.FinishedPerSecond:0} % of the engine's workflows/s");
    }

    private static async Task<Outcome> EngineAsync(BenchSetup setup, int callers, TimeSpan duration)
    {
        var target = await setup.EmptyAsync("callers");
        await using var engine = await EngineUnderTest.StartAsync(target, setup.Options, setup.Counters);
        return await MeasureAsync(
            setup,
            target,
            callers,
            duration,
            _ =>
                Task.FromResult<Func<string, Task<bool>>>(async id =>
                {
                    await engine.Operations.CreateAsync(EngineUnderTest.NewWorkflow(id));
                    return true;
                })
        );
    }

    private static async Task<Outcome> HttpAsync(BenchSetup setup, int clients, TimeSpan duration, Action<string> tell)
    {
        var target = await setup.EmptyAsync("clients");
        await using var server = await ServerUnderTest.StartAsync(target, setup.Options);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var outcome = await MeasureAsync(
            setup,
            target,
            clients,
            duration,
            async _ =>
            {
                var caller = await HttpCaller.ConnectAsync(server.Address);
                return CreateAsync;

                async Task<bool> CreateAsync(string id)
                {
                    var body =
                        $$"""{"externalId":"{{id}}","executorGroup":"default","workflowType":"{{ThreeStates.Name}}","businessKey":"bench"}""";
                    return await caller.PostAsync("/api/workflows", ServerUnderTest.ApiKey, body) == 201;
                }
            }
        );
        var after = GC.GetTotalMemory(forceFullCollection: true);
        tell($"memory: {before / 1e6:0.0} MB before, {after / 1e6:0.0} MB after");
        return outcome;
    }

    private static async Task<Outcome> MeasureAsync(
        BenchSetup setup,
        Target target,
        int callers,
        TimeSpan duration,
        Func<int, Task<Func<string, Task<bool>>>> connect
    )
    {
        await using var store = setup.Database.Store(target);
        await store.InitializeAsync(CancellationToken.None);
        var latencies = new ConcurrentQueue<double>();
        var faults = 0;
        var isMeasured = false;
        using var stop = new CancellationTokenSource();
        var running = Enumerable.Range(0, callers).Select(number => Task.Run(() => CallAsync(number))).ToArray();
        await Task.Delay(Warmup);
        var began = Stopwatch.GetTimestamp();
        var cpuBefore = Environment.CpuUsage.TotalTime;
        var finishedBefore = await FinishedAsync();
        Volatile.Write(ref isMeasured, true);
        await Task.Delay(duration);
        Volatile.Write(ref isMeasured, false);
        var finished = await FinishedAsync() - finishedBefore;
        var elapsed = Stopwatch.GetElapsedTime(began);
        var cpu = Environment.CpuUsage.TotalTime - cpuBefore;
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return new Outcome(
            finished / elapsed.TotalSeconds,
            latencies.Count / elapsed.TotalSeconds,
            Percentiles.Of(latencies),
            1000 * cpu.TotalMilliseconds / finished,
            faults
        );

        async Task CallAsync(int number)
        {
            var create = await connect(number);
            for (var count = 0; !stop.IsCancellationRequested; count++)
            {
                var sent = Stopwatch.GetTimestamp();
                var isSound = await create($"{setup.Prefix("call")}-{number}-{count}");
                if (Volatile.Read(ref isMeasured))
                {
                    latencies.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }

                if (!isSound)
                {
                    Interlocked.Increment(ref faults);
                }
            }
        }

        async Task<long> FinishedAsync() =>
            (await store.CountsAsync(CancellationToken.None))
                .Where(count => count.Status == WorkflowStatus.Finished)
                .Sum(count => count.Count);
    }

    /// <param name="FinishedPerSecond">Workflows that ended in a second.</param>
    /// <param name="CreatedPerSecond">Creates that were answered in a second.</param>
    /// <param name="Latency">Of a create, in milliseconds.</param>
    /// <param name="CpuPerThousand">CPU of engine, server and clients, ms for 1,000 workflows.</param>
    /// <param name="Faults">Creates that were refused or failed.</param>
    private sealed record Outcome(
        double FinishedPerSecond,
        double CreatedPerSecond,
        Percentiles Latency,
        double CpuPerThousand,
        int Faults
    )
    {
        public override string ToString() =>
            $"{Figures.Text(FinishedPerSecond)} workflows/s finished, {Figures.Text(CreatedPerSecond)} created; create p50 "
            + $"{Latency.P50:0.0} ms, p99 {Latency.P99:0.0} ms, max {Latency.Max:0.0} ms; "
            + $"{CpuPerThousand:0} ms of CPU for 1,000 workflows; {Faults} refused";
    }
}
