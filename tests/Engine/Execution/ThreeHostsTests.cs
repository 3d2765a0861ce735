using System.Collections.Concurrent;
using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Measures real time, so nothing runs in parallel.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>Three engines with the real clock, each with its own connections: changes of one reach the other two in time.</summary>
[Collection("alone")]
public sealed class ThreeHostsTests
{
    private const int WorkflowsOfEach = 1_667;
    private const int Workflows = 3 * WorkflowsOfEach;
    private const int Creators = 4;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Postgres, 300)]
    [InlineData(StoreKind.MariaDb, 1500)]
    [InlineData(StoreKind.Sqlite, 1500)]
    public async Task All_hosts_receive_ten_thousand_changes(StoreKind kind, int milliseconds)
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(kind), $"No {kind} server is configured.");
        await using var store = await TestStore.OpenAsync(kind);
        await using var second = await store.OpenAnotherAsync();
        await using var third = await store.OpenAnotherAsync();
        var hosts = await Task.WhenAll(new[] { store.Workflows, second, third }.Select(Receiver.StartAsync));
        await Task.WhenAll(hosts.Select(host => host.Complete)).WaitAsync(WaitTimeout, Stop);

        await Task.WhenAll(hosts.SelectMany(host => Enumerable.Range(0, Creators).Select(host.CreateAsync)));
        var changes = await AllReceivedAsync(hosts, store.Workflows);

        var latencies = changes.SelectMany(change => Latencies(hosts, change)).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: {changes.Count} changes, from commit to another host: p50 {At(latencies, 0.5):0} ms, "
                + $"p95 {At(latencies, 0.95):0} ms, p99 {At(latencies, 0.99):0} ms, max {latencies[^1]:0} ms"
        );
        Assert.InRange(changes.Count, 2 * Workflows, int.MaxValue);
        Assert.All(hosts, host => Assert.Equal(0, host.Gaps));
        Assert.InRange(At(latencies, 0.95), 0, milliseconds);
        await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
    }

    /// <summary>Waits until all workflows have finished and every host has received all changes.</summary>
    private static async Task<List<(long, long)>> AllReceivedAsync(Receiver[] hosts, IWorkflowStore store)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var changes = hosts.SelectMany(host => host.Received.Keys).Distinct().ToList();
            var missing = hosts.Sum(host => changes.Count(change => !host.Received.ContainsKey(change)));
            var counts = await store.CountsAsync(Stop);
            var unfinished = Workflows - counts.Where(count => count.Status.IsFinal()).Sum(count => count.Count);
            if (missing == 0 && unfinished <= 0 && changes.Count >= 2 * Workflows)
            {
                return changes;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(began) < WaitTimeout,
                $"{missing} of {changes.Count} changes are missing on a host, {unfinished} workflows are not finished."
            );
            await Task.WhenAny(hosts.Select(host => host.NextChangeAsync()));
        }
    }

    private static IEnumerable<double> Latencies(Receiver[] hosts, (long, long) change)
    {
        var heard = hosts.Select(host => host.Received[change]).Order().ToList();
        return heard.Skip(1).Select(at => Stopwatch.GetElapsedTime(heard[0], at).TotalMilliseconds);
    }

    private static double At(List<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];

    /// <summary>A host and the changes that it receives.</summary>
    private sealed class Receiver(IHost host) : IAsyncDisposable
    {
        private static int started;

        private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ChangeSubscription changes = host
            .Services.GetRequiredService<ChangeFeed>()
            .Subscribe(capacity: 1_000_000);
        private readonly string name = $"host {Interlocked.Increment(ref started)}";
        private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task listening = Task.CompletedTask;
        private int gaps;
        private int created;

        /// <summary>When each change was received.</summary>
        public ConcurrentDictionary<(long Id, long Revision), long> Received { get; } = [];

        /// <summary>Completes with the first gap. From then on every missing change must be reported as a gap.</summary>
        public Task Complete => complete.Task;

        /// <summary>The number of gaps since then.</summary>
        public int Gaps => gaps;

        public static async Task<Receiver> StartAsync(IWorkflowStore store)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddLogging();
            builder.Services.AddGopherFlowEngine(
                new EngineOptions(),
                flow => flow.UseInMemory().AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Done")))
            );
            builder.Services.AddSingleton(store);
            var host = builder.Build();
            await host.StartAsync(Stop);
            var receiver = new Receiver(host);
            receiver.listening = receiver.ListenAsync();
            return receiver;
        }

        public async Task CreateAsync(int creator)
        {
            var operations = host.Services.GetRequiredService<WorkflowOperations>();
            while (Interlocked.Increment(ref created) is var number && number <= WorkflowsOfEach)
            {
                await operations.CreateAsync(
                    new CreateWorkflow
                    {
                        ExternalId = $"{name}-{number}",
                        WorkflowType = "W",
                        BusinessKey = "test",
                        StateVars = new Variables(),
                    },
                    Stop
                );
            }
        }

        /// <summary>Waits for the next change, at most 100 ms.</summary>
        public async Task NextChangeAsync()
        {
            var hears = Volatile.Read(ref more).Task;
            await hears
                .WaitAsync(TimeSpan.FromMilliseconds(100), Stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async ValueTask DisposeAsync()
        {
            changes.Dispose();
            await listening;
            await host.StopAsync();
            host.Dispose();
        }

        private async Task ListenAsync()
        {
            while (await changes.WaitToReadAsync(Stop))
            {
                while (changes.TryRead(out var item))
                {
                    Take(item);
                }

                Interlocked.Exchange(ref more, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
        }

        private void Take(FeedItem item)
        {
            if (item is not FeedItem.Batch batch)
            {
                gaps += Complete.IsCompleted ? 1 : 0;
                complete.TrySetResult();
                return;
            }

            var now = Stopwatch.GetTimestamp();
            foreach (var change in batch.Changes)
            {
                Received.TryAdd((change.Id, change.Revision), now);
            }
        }
    }
}
