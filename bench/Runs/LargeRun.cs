using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Databases;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>Measures single transactions and searches in a table of many millions of workflows, with no other load.</summary>
internal static class LargeRun
{
    private const string Name = "large";
    private const int Transactions = 500;
    private const int AsksOfSearch = 5;

    private static readonly DefinitionKey Definition = new("Small", "v1");
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        var began = Stopwatch.StartNew();
        await using var store = setup.Database.Store(await FilledAsync(setup));
        await store.InitializeAsync(CancellationToken.None);
        print($"{Figures.Text(await CountAsync(store))} workflows are there after {began.Elapsed.TotalSeconds:0} s");
        await TransactionsAsync(store, print);
        await SearchesAsync(store, print);
    }

    /// <summary>Reuses the database of an earlier run, because filling one takes minutes.</summary>
    private static async Task<Target> FilledAsync(BenchSetup setup)
    {
        var kept = await setup.Database.KeptAsync(Name, setup.Options);
        await using (var found = setup.Database.Store(kept))
        {
            await found.InitializeAsync(CancellationToken.None);
            if (await CountAsync(found) >= setup.Options.Large)
            {
                return kept;
            }
        }

        var empty = await setup.EmptyAsync(Name);
        await using var store = setup.Database.Store(empty);
        await store.InitializeAsync(CancellationToken.None);
        await setup.Database.FillAsync(empty, setup.Options.Large);
        await store.RebuildCountsAsync(CancellationToken.None);
        await setup.Database.SettleAsync(empty);
        return empty;
    }

    private static async Task<long> CountAsync(IWorkflowStore store) =>
        (await store.CountsAsync(CancellationToken.None)).Sum(kind => kind.Count);

    private static async Task TransactionsAsync(IWorkflowStore store, Action<string> print)
    {
        var executor = await RegisterAsync(store, "bench");
        var clock = Stopwatch.StartNew();
        var (creates, claims, commits, ends, takeovers) = (
            new CallTimes(),
            new CallTimes(),
            new CallTimes(),
            new CallTimes(),
            new CallTimes()
        );
        for (var number = 0; number < Transactions; number++)
        {
            await creates.OfAsync(() =>
                store.WriteAsync(new WriteBatch([New(number)], [], null, Now()), CancellationToken.None)
            );
            var dying = await RegisterAsync(store, $"dying-{number}");
            await ClaimOneAsync(dying.Id);
            await store.DeregisterExecutorAsync(dying.Id, CancellationToken.None);
            await takeovers.OfAsync(() =>
                store.RepairAsync(new RepairRequest(executor.Id, 100), CancellationToken.None)
            );
            var claimed = await claims.OfAsync(() => ClaimOneAsync(executor.Id));
            var stepped = await commits.OfAsync(() =>
                StepAsync(claimed, new TargetState("Second", WorkflowStatus.Executing))
            );
            await ends.OfAsync(() => StepAsync(stepped, new TargetState("Done", WorkflowStatus.Finished)));
        }

        print($"create: {creates}");
        print($"claim: {claims}");
        print($"commit of a step: {commits}");
        print($"commit of the end: {ends}");
        print($"takeover: {takeovers}");

        DateTimeOffset Now() => executor.Now + clock.Elapsed;

        NewWorkflow New(int number) =>
            new()
            {
                ExternalId = $"small-{executor.Id}-{number}",
                WorkflowType = Definition.Name,
                Version = Definition.Version,
                BusinessKey = "small",
                ExecutorGroup = "default",
                State = "First",
                NextActivation = Now(),
            };

        async Task<WorkflowRecord> ClaimOneAsync(long by)
        {
            var request = new ClaimRequest(by, [Definition], ["default"], 100, Now() + Lease);
            return (await store.ClaimAsync(request, CancellationToken.None)).Claimed.Single();
        }

        async Task<WorkflowRecord> StepAsync(WorkflowRecord before, TargetState state)
        {
            var ended = new StepSucceeded(before.Lease, before.ExecutionCount, state);
            var batch = new WriteBatch([], [new EventFor(before.Id, ended) { Known = before }], executor.Id, Now());
            return (await store.WriteAsync(batch, CancellationToken.None)).Events[0].Workflow!;
        }
    }

    private static async Task SearchesAsync(IWorkflowStore store, Action<string> print)
    {
        var medians = new List<double>();
        var longest = new CallTimes();
        foreach (var (name, search) in LargeSearches.All(DateTimeOffset.UtcNow))
        {
            var times = new CallTimes();
            var found = 0;
            for (var ask = 0; ask < AsksOfSearch; ask++)
            {
                found = (await times.OfAsync(() => store.SearchAsync(search, CancellationToken.None))).Workflows.Count;
            }

            medians.Add(times.Taken.P50);
            print($"search, {name}: {found} found, {times}");
        }

        var all = Percentiles.Of(medians);
        print(
            $"{medians.Count} searches, median of their medians {all.P50:0.0} ms, longest median {all.Max:0.0} ms; "
                + $"{medians.Count(median => median > 50)} above 50 ms, {medians.Count(median => median > 300)} above 300 ms"
        );
    }

    private static Task<ExecutorEntry> RegisterAsync(IWorkflowStore store, string name) =>
        store.RegisterExecutorAsync(
            new ExecutorRegistration(name, "1.0", ["default"], 1, Lease),
            CancellationToken.None
        );

    /// <summary>Durations of calls, in milliseconds.</summary>
    private sealed class CallTimes
    {
        private readonly List<double> calls = [];

        public Percentiles Taken => Percentiles.Of(calls);

        public async Task<T> OfAsync<T>(Func<Task<T>> call)
        {
            var began = Stopwatch.GetTimestamp();
            var result = await call();
            calls.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            return result;
        }

        public override string ToString() =>
            $"p50 {Taken.P50:0.0} ms, p99 {Taken.P99:0.0} ms, longest {Taken.Max:0.0} ms";
    }
}
