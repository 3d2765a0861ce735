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

/// <summary>Measures real time, so nothing else runs beside it.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>Three engines by the real clock, each with connections of its own: what one commits the other two hear in time.</summary>
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
    public async Task Ten_thousand_changes_are_heard_by_all(StoreKind kind, int milliseconds)
    {
        Assert.SkipUnless(StoreKinds.Here.Contains(kind), "There is no server here.");
        await using var store = await TestStore.OpenAsync(kind);
        await using var second = await store.OpenAnotherAsync();
        await using var third = await store.OpenAnotherAsync();
        var hosts = await Task.WhenAll(new[] { store.Workflows, second, third }.Select(Ear.StartAsync));
        await Task.WhenAll(hosts.Select(host => host.Complete)).WaitAsync(WaitTimeout, Stop);

        await Task.WhenAll(hosts.SelectMany(host => Enumerable.Range(0, Creators).Select(host.CreateAsync)));
        var changes = await AllHeardAsync(hosts, store.Workflows);

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

    /// <summary>Waits until all have finished, and every host has heard what any of them has.</summary>
    private static async Task<List<(long, long)>> AllHeardAsync(Ear[] hosts, IWorkflowStore store)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var changes = hosts.SelectMany(host => host.Heard.Keys).Distinct().ToList();
            var missing = hosts.Sum(host => changes.Count(change => !host.Heard.ContainsKey(change)));
            var counts = await store.CountsAsync(Stop);
            var unfinished = Workflows - counts.Where(count => count.Status.IsFinal()).Sum(count => count.Count);
            if (missing == 0 && unfinished <= 0 && changes.Count >= 2 * Workflows)
            {
                return changes;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(began) < WaitTimeout,
                $"{missing} of {changes.Count} changes are missing somewhere, {unfinished} workflows are not finished."
            );
            await Task.WhenAny(hosts.Select(host => host.HearsMoreAsync()));
        }
    }

    private static IEnumerable<double> Latencies(Ear[] hosts, (long, long) change)
    {
        var heard = hosts.Select(host => host.Heard[change]).Order().ToList();
        return heard.Skip(1).Select(at => Stopwatch.GetElapsedTime(heard[0], at).TotalMilliseconds);
    }

    private static double At(List<double> sorted, double part) => sorted[(int)((sorted.Count - 1) * part)];

    /// <summary>A host and what it hears.</summary>
    private sealed class Ear(IHost host) : IAsyncDisposable
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

        /// <summary>When each change was heard.</summary>
        public ConcurrentDictionary<(long Id, long Revision), long> Heard { get; } = [];

        /// <summary>From then on nothing may be missing that is not told.</summary>
        public Task Complete => complete.Task;

        /// <summary>Gaps since then.</summary>
        public int Gaps => gaps;

        public static async Task<Ear> StartAsync(IWorkflowStore store)
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
            var ear = new Ear(host);
            ear.listening = ear.ListenAsync();
            return ear;
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

        /// <summary>Waits until it hears something, or a while.</summary>
        public async Task HearsMoreAsync()
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
                Heard.TryAdd((change.Id, change.Revision), now);
            }
        }
    }
}
