using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Processes;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Workflows under limits on three executors, two of which are killed. Measures how many run at once, how long a key waits for its turn,
/// and the throughput of workflows without limits that run at the same time.
/// </summary>
internal static class LimitsRun
{
    private const string Name = "limits";
    private const int Executors = 3;

    /// <summary>
    /// How long a limited step takes, in milliseconds: when only limited workflows run, and when they run beside unlimited ones.
    /// </summary>
    private const int ShortHold = 5;
    private const int LongHold = 500;

    public static async Task RunAsync(BenchSetup setup, Action<string> print)
    {
        var target = await setup.EmptyAsync(Name);
        await using (var session = await Session.StartAsync(setup, Name, target, Executors))
        {
            // Warm up beside limited workflows, so that every executor has JIT-compiled the code that grants permits.
            await BesideAsync(setup, session, LimitedStep.Name, "warmup", setup.Options.Warmup);
            foreach (var type in new[] { LimitedStep.UnlimitedName, LimitedStep.Name })
            {
                var ratios = new List<double>();
                for (var round = 1; round <= setup.Options.Runs; round++)
                {
                    ratios.Add(await RatioAsync(setup, session, type, round, print));
                }

                print($"beside {type}, median of {ratios.Count}: {ratios.Order().ElementAt(ratios.Count / 2):P0}");
            }
        }

        await LimitedAsync(setup, print);
    }

    /// <summary>
    /// The throughput of workflows without limits beside slow ones, limited or not, relative to their throughput alone just before and
    /// after.
    /// </summary>
    private static async Task<double> RatioAsync(
        BenchSetup setup,
        Session session,
        string type,
        int round,
        Action<string> print
    )
    {
        var before = await LoadAsync(setup, session, $"before-{type}-{round}", setup.Options.Workflows);
        var beside = await BesideAsync(setup, session, type, $"beside-{type}-{round}", setup.Options.Workflows);
        var after = await LoadAsync(setup, session, $"after-{type}-{round}", setup.Options.Workflows);
        print(
            $"without limits: {before:N0}/s alone, {beside:N0}/s beside {type} that take {LongHold} ms, {after:N0}/s alone"
        );
        return 2 * beside / (before + after);
    }

    /// <returns>Workflows without limits per second, beside slow workflows of a type.</returns>
    private static async Task<double> BesideAsync(
        BenchSetup setup,
        Session session,
        string type,
        string prefix,
        int workflows
    )
    {
        using var stop = new CancellationTokenSource();
        var busy = KeepBusyAsync(session, type, $"busy-{prefix}", stop.Token);
        var beside = await LoadAsync(setup, session, prefix, workflows);
        await stop.CancelAsync();
        await busy;
        return beside;
    }

    /// <returns>Workflows per second.</returns>
    private static async Task<double> LoadAsync(BenchSetup setup, Session session, string prefix, int workflows)
    {
        var finished = await FinishedAsync(session, ThreeStates.Name);
        var watch = Stopwatch.StartNew();
        await session.Engine.CreateAllAsync(setup.Options.Creators, workflows, prefix);
        while (await FinishedAsync(session, ThreeStates.Name) < finished + workflows)
        {
            await Task.Delay(10);
        }

        return workflows / watch.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Keeps as many workflows running as the limit allows, with others waiting for a permit if the type has limits. Then waits for their
    /// end.
    /// </summary>
    private static async Task KeepBusyAsync(Session session, string type, string prefix, CancellationToken stop)
    {
        var before = await FinishedAsync(session, type);
        var open = type == LimitedStep.Name ? 4 * LimitedStep.AtOnce : LimitedStep.AtOnce;
        var created = 0;
        for (long ended = 0; ended < created || !stop.IsCancellationRequested; )
        {
            while (!stop.IsCancellationRequested && created < ended + open)
            {
                await session.Engine.Operations.CreateAsync(
                    LimitedStep.NewWorkflow(prefix, created++, LongHold, type),
                    CancellationToken.None
                );
            }

            await Task.Delay(100, CancellationToken.None);
            ended = await FinishedAsync(session, type) - before;
        }
    }

    private static async Task LimitedAsync(BenchSetup setup, Action<string> print)
    {
        var (database, options, counters) = setup;
        var target = await setup.EmptyAsync(Name);
        await using var store = database.Store(target);
        await using var engine = await EngineUnderTest.StartAsync(target, options, counters);
        var others = new ExecutorProcess[Executors - 1];
        for (var place = 0; place < others.Length; place++)
        {
            others[place] = await ExecutorProcess.StartAsync(ExecutorProgram.Word, Name, options);
        }

        var watch = Stopwatch.StartNew();
        var creating = CreateAsync(engine.Operations, options);
        var turns = new KeyTurns();
        var (most, mostOfKey, polls, killed) = (0, 0, 0, 0);
        long finished = 0;
        while (finished < options.Limits)
        {
            var running = await RunningAsync(store);
            polls++;
            turns.Observe(running);
            most = int.Max(most, running.Count);
            mostOfKey = int.Max(
                mostOfKey,
                running.CountBy(workflow => workflow.BusinessKey).Select(key => key.Value).DefaultIfEmpty(0).Max()
            );
            finished = await FinishedAsync(store, LimitedStep.Name);
            if (killed < others.Length && finished > options.Limits * (killed + 1L) / (others.Length + 1))
            {
                print($"{watch.Elapsed.TotalSeconds:0} s, {finished:N0} ended: an executor is killed");
                others[killed].Dispose();
                others[killed++] = await ExecutorProcess.StartAsync(ExecutorProgram.Word, Name, options);
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        await creating;
        print(
            $"limited: {options.Limits:N0} in {seconds:0} s, {options.Limits / seconds:N0}/s, {killed} executors killed"
        );
        print($"at once: {most} of {LimitedStep.AtOnce}, of one key {mostOfKey}, in {polls:N0} polls");
        print(
            $"turns between two of a key, {LimitedStep.Keys} being fair: {await turns.DescribeAsync(store, LimitedStep.Name)}"
        );
        foreach (var other in others)
        {
            other.Dispose();
        }
    }

    private static async Task CreateAsync(WorkflowOperations operations, BenchOptions options)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, options.Creators).Select(_ => Task.Run(CreateAsync)));

        async Task CreateAsync()
        {
            for (
                var number = Interlocked.Increment(ref next);
                number <= options.Limits;
                number = Interlocked.Increment(ref next)
            )
            {
                await operations.CreateAsync(LimitedStep.NewWorkflow("limited", number, ShortHold));
            }
        }
    }

    private static async Task<IReadOnlyList<WorkflowRecord>> RunningAsync(IWorkflowStore store)
    {
        var filter = new WorkflowFilter { WorkflowTypes = [LimitedStep.Name], Statuses = [WorkflowStatus.Executing] };
        var found = await store.SearchAsync(
            new WorkflowSearch { Filter = filter, Limit = 1000 },
            CancellationToken.None
        );
        return found.Workflows;
    }

    private static Task<long> FinishedAsync(Session session, string type) => session.Observer.FinishedAsync(type);

    private static async Task<long> FinishedAsync(IWorkflowStore store, string type) =>
        (await store.CountsAsync(CancellationToken.None))
            .Where(count => count.Status == WorkflowStatus.Finished && count.WorkflowType == type)
            .Sum(count => count.Count);
}
