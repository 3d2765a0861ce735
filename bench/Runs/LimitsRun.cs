using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Bench.Processes;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>
/// Workflows under limits over three executors, two of which are killed: how many run at once, how long a key waits for its turn, and what
/// workflows without limits cost beside them.
/// </summary>
internal static class LimitsRun
{
    private const string Name = "limits";
    private const int Executors = 3;

    /// <summary>How long a limited step takes: while only they run, and beside those without limits.</summary>
    private const int ShortHold = 5;
    private const int LongHold = 500;

    public static async Task RunAsync(BenchSetup setup, Action<string> tell)
    {
        var target = await setup.EmptyAsync(Name);
        await using (var session = await Session.StartAsync(setup, Name, target, Executors))
        {
            // Beside limited workflows, so that every executor has compiled the code that grants permits.
            await BesideAsync(setup, session, LimitedStep.Name, "warmup", setup.Options.Warmup);
            foreach (var type in new[] { LimitedStep.UnlimitedName, LimitedStep.Name })
            {
                var ratios = new List<double>();
                for (var round = 1; round <= setup.Options.Runs; round++)
                {
                    ratios.Add(await RatioAsync(setup, session, type, round, tell));
                }

                tell($"beside {type}, median of {ratios.Count}: {ratios.Order().ElementAt(ratios.Count / 2):P0}");
            }
        }

        await LimitedAsync(setup, tell);
    }

    /// <summary>
    /// The throughput of workflows without limits beside long ones, limited or not, as a part of what they reach alone just before and after.
    /// </summary>
    private static async Task<double> RatioAsync(
        BenchSetup setup,
        Session session,
        string type,
        int round,
        Action<string> tell
    )
    {
        var before = await LoadAsync(setup, session, $"before-{type}-{round}", setup.Options.Workflows);
        var beside = await BesideAsync(setup, session, type, $"beside-{type}-{round}", setup.Options.Workflows);
        var after = await LoadAsync(setup, session, $"after-{type}-{round}", setup.Options.Workflows);
        tell(
            $"without limits: {before:N0}/s alone, {beside:N0}/s beside {type} that take {LongHold} ms, {after:N0}/s alone"
        );
        return 2 * beside / (before + after);
    }

    /// <returns>Workflows without limits a second, beside those of a type that take long.</returns>
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

    /// <returns>Workflows a second.</returns>
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

    /// <summary>Has as many running as the limit allows, with more waiting for a permit where there is one, and waits for their end.</summary>
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

    private static async Task LimitedAsync(BenchSetup setup, Action<string> tell)
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
        var (most, mostOfKey, looks, killed) = (0, 0, 0, 0);
        long finished = 0;
        while (finished < options.Limits)
        {
            var running = await RunningAsync(store);
            looks++;
            turns.Look(running);
            most = int.Max(most, running.Count);
            mostOfKey = int.Max(
                mostOfKey,
                running.CountBy(workflow => workflow.BusinessKey).Select(key => key.Value).DefaultIfEmpty(0).Max()
            );
            finished = await FinishedAsync(store, LimitedStep.Name);
            if (killed < others.Length && finished > options.Limits * (killed + 1L) / (others.Length + 1))
            {
                tell($"{watch.Elapsed.TotalSeconds:0} s, {finished:N0} ended: an executor is killed");
                others[killed].Dispose();
                others[killed++] = await ExecutorProcess.StartAsync(ExecutorProgram.Word, Name, options);
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        await creating;
        tell(
            $"limited: {options.Limits:N0} in {seconds:0} s, {options.Limits / seconds:N0}/s, {killed} executors killed"
        );
        tell($"at once: {most} of {LimitedStep.AtOnce}, of one key {mostOfKey}, in {looks:N0} looks");
        tell(
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
