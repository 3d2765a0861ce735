using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash;

/// <summary>The options of a crash run.</summary>
/// <param name="Database">One of <see cref="CrashDatabase.Choices"/>.</param>
/// <param name="Duration">The duration of the blows.</param>
/// <param name="Workflows">The number of workflows created from outside.</param>
/// <param name="Seed">Determines the blows.</param>
internal sealed record CrashOptions(string Database, TimeSpan Duration, int Workflows, int Seed)
{
    /// <summary>The lease of the executors: short, so that many are lost in a minute.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How late a deadline may be. Not checked in the test suite, which shares the machine with other suites.</summary>
    public static TimeSpan DeadlineTolerance { get; } = TimeSpan.FromSeconds(2);
}

/// <summary>The result of a crash run.</summary>
/// <param name="Blows">The number of blows and of operations by people, by name.</param>
/// <param name="Workflows">The number of workflows, including children.</param>
/// <param name="Repaired">The number of takeovers in the histories.</param>
/// <param name="LeftByKilled">The number of workflows still owned by killed executors.</param>
/// <param name="LatestDeadline">The longest delay of a deadline after the blow or the takeover that delayed it.</param>
/// <param name="Faults">The violations; empty if there are none.</param>
internal sealed record CrashReport(
    IReadOnlyDictionary<string, int> Blows,
    int Workflows,
    int Repaired,
    int LeftByKilled,
    TimeSpan LatestDeadline,
    IReadOnlyList<string> Faults
);

/// <summary>
/// Three executor processes run some thousand workflows while they are killed, stalled and restarted at random. Their wall clocks differ,
/// which must have no effect. In the end everything must have finished, exactly once, with every history in database time.
/// </summary>
internal sealed class CrashRun(CrashOptions options, Action<string> tell)
{
    /// <summary>By how many seconds the wall clock of each executor is ahead.</summary>
    private static readonly int[] ClocksAhead = [20, -20, 0];

    private static readonly int Executors = ClocksAhead.Length;
    private const int Everything = 1_000_000;
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(3);

    private readonly Random random = new(options.Seed);
    private readonly Dictionary<string, int> fallen = [];
    private readonly List<string> faults = [];
    private readonly ExecutorProcess[] executors = new ExecutorProcess[ClocksAhead.Length];
    private readonly DeadlineBook deadlines = new();
    private int started;
    private int leftByKilled;

    public async Task<CrashReport> RunAsync(CancellationToken stop)
    {
        await using var database = await CrashDatabase.OpenAsync(options.Database, tell);
        await database.Store.InitializeAsync(stop);
        var ledger = new Ledger(database);
        await ledger.CreateAsync();
        var schedules = new ScheduleBook(database.Schedules);
        await schedules.BeginAsync(stop);
        try
        {
            for (var place = 0; place < Executors; place++)
            {
                executors[place] = Start(place, database);
            }

            var operators = new Operators(database.Store, database.Jobs, options.Seed);
            await Task.WhenAll(
                CreateAsync(database.Store, stop),
                operators.InterfereAsync(options.Duration, stop),
                StrikeAsync(database, stop)
            );
            tell("no more blows; waiting for everything to finish");
            await Persistently(() => schedules.EndAsync(stop), database.Store, stop);
            await FinishAsync(database, operators, stop);
            // This closes their connections, because reading the ledger opens a new one.
            EndExecutors();
            return await ReportAsync(database, ledger, operators, schedules, stop);
        }
        finally
        {
            EndExecutors();
        }
    }

    private void EndExecutors()
    {
        foreach (var executor in executors)
        {
            executor?.Dispose();
        }

        Array.Clear(executors);
    }

    private ExecutorProcess Start(int place, CrashDatabase database) =>
        ExecutorProcess.Start(
            $"executor-{++started}",
            new Dictionary<string, string>(database.SettingsOf(place))
            {
                ["GFLOW_ENGINE_LEASE"] = $"{CrashOptions.Lease.TotalMilliseconds:0}ms",
                ["GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL"] = "500ms",
                ["GFLOW_ENGINE_CHECK_DB_INTERVAL"] = "500ms",
                [WrongClock.Setting] = $"{ClocksAhead[place]}",
            }
        );

    /// <summary>Creates the workflows in batches during the blows, as callers would.</summary>
    private async Task CreateAsync(IWorkflowStore store, CancellationToken stop)
    {
        const int Pieces = 50;
        for (var piece = 0; piece < Pieces; piece++)
        {
            var first = options.Workflows * piece / Pieces;
            var next = options.Workflows * (piece + 1) / Pieces;
            var creates = Enumerable.Range(first, next - first).Select(NewWorkflow).ToList();
            await Persistently(
                () => store.WriteAsync(new WriteBatch(creates, [], 0, DateTimeOffset.UtcNow), stop),
                store,
                stop
            );
            await Task.Delay(options.Duration / Pieces, stop);
        }
    }

    private static NewWorkflow NewWorkflow(int number)
    {
        Workload.Registry.TryFind(Workload.Roots[number % Workload.Roots.Count], out var definition);
        return new NewWorkflow
        {
            ExternalId = ExternalId(number),
            WorkflowType = definition!.Name,
            Version = definition.Version,
            BusinessKey = $"key-{number}",
            ExecutorGroup = "default",
            State = definition.InitialState,
            NextActivation = DateTimeOffset.UtcNow,
        };
    }

    private static string ExternalId(int number) => $"crash-{number}";

    private async Task StrikeAsync(CrashDatabase database, CancellationToken stop)
    {
        var until = DateTimeOffset.UtcNow + options.Duration;
        IReadOnlyList<Blow> blows =
        [
            new("kill -9", stop => KillAsync(database, stop)),
            new("stall", StallAsync),
            new("graceful restart", _ => RestartAsync(database)),
            .. database.Blows,
        ];
        var deck = new Queue<Blow>();
        while (DateTimeOffset.UtcNow < until)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 2000)), stop);
            if (!deck.TryDequeue(out var blow))
            {
                // In random order, but no blow is repeated before each has occurred once.
                var shuffled = blows.ToArray();
                random.Shuffle(shuffled);
                deck = new Queue<Blow>(shuffled);
                blow = deck.Dequeue();
            }

            tell(blow.Name);
            var began = DateTimeOffset.UtcNow;
            await blow.StrikeAsync(stop);
            deadlines.Enter(began, DateTimeOffset.UtcNow);
            Supervise(database);
            fallen[blow.Name] = fallen.GetValueOrDefault(blow.Name) + 1;
        }
    }

    private async Task KillAsync(CrashDatabase database, CancellationToken stop)
    {
        var place = random.Next(Executors);
        await executors[place].KillAsync();
        leftByKilled += await Persistently(
            () => CountOwnedAsync(database.Store, executors[place].Name, stop),
            database.Store,
            stop
        );
        Replace(place, database);
    }

    private static async Task<int> CountOwnedAsync(IWorkflowStore store, string name, CancellationToken stop)
    {
        var executor = (await store.ExecutorsAsync(Everything, stop)).FirstOrDefault(each => each.Name == name);
        return executor is null ? 0 : (await store.OwnedAsync(executor.Id, stop)).Count;
    }

    private async Task StallAsync(CancellationToken stop)
    {
        var executor = executors[random.Next(Executors)];
        await executor.StallAsync();
        await Task.Delay(CrashOptions.Lease * (1 + random.NextDouble()), stop);
        await executor.ResumeAsync();
    }

    private async Task RestartAsync(CrashDatabase database)
    {
        var place = random.Next(Executors);
        var code = await executors[place].TerminateAsync();
        if (code != 0)
        {
            Blame(executors[place], $"ended with exit code {code} on SIGTERM");
        }

        Replace(place, database);
    }

    /// <summary>Records executors that have ended by themselves, which they must not do whatever happens to the database.</summary>
    private void Supervise(CrashDatabase database)
    {
        for (var place = 0; place < Executors; place++)
        {
            if (executors[place].HasEnded)
            {
                Blame(executors[place], "ended by itself");
                Replace(place, database);
            }
        }
    }

    private void Blame(ExecutorProcess executor, string fault)
    {
        faults.Add($"{executor.Name} {fault}; its last output: {string.Join(" | ", executor.Lines.TakeLast(20))}");
        tell(faults[^1]);
    }

    private void Replace(int place, CrashDatabase database)
    {
        executors[place].Dispose();
        executors[place] = Start(place, database);
    }

    /// <summary>Waits for the end of everything. Resumes repeatedly, because a pause may take effect only when a step ends.</summary>
    private async Task FinishAsync(CrashDatabase database, Operators operators, CancellationToken stop)
    {
        var deadline = DateTimeOffset.UtcNow + WaitTimeout;
        while (DateTimeOffset.UtcNow < deadline)
        {
            Supervise(database);
            await Persistently(
                async () =>
                {
                    await operators.ResumeAllAsync(stop);
                    return true;
                },
                database.Store,
                stop
            );
            var counts = await Persistently(() => database.Store.CountsAsync(stop), database.Store, stop);
            var haveEnded = await Persistently(() => operators.Jobs.HaveEndedAsync(stop), database.Store, stop);
            if (haveEnded && counts.All(count => count.Status.IsFinal()))
            {
                return;
            }

            await Task.Delay(200, stop);
        }
    }

    private async Task<CrashReport> ReportAsync(
        CrashDatabase database,
        Ledger ledger,
        Operators operators,
        ScheduleBook schedules,
        CancellationToken stop
    )
    {
        var workflows = (await database.Store.SearchAsync(new WorkflowSearch { Limit = Everything }, stop)).Workflows;
        var repaired = 0;
        var entered = await ledger.ReadAsync();
        var rows = entered.ToLookup(row => row.WorkflowId);
        var misdated = new List<string>();
        var mistaken = new List<string>();
        foreach (var workflow in workflows)
        {
            ActionRecord[] actions =
            [
                .. (await database.Store.ActionsAsync(new ActionSearch(workflow.Id, Everything), stop)).Reverse(),
            ];
            repaired += actions.Count(action => action.Entry.Kind == HistoryKind.TakenOver);
            misdated.AddRange(Chronicle.FindFaults(actions, rows[workflow.Id]));
            operators.Jobs.Enter(workflow.Id, actions);
            deadlines.Enter(actions);
            var kept = await database.Store.SignalsAsync(new SignalSearch(workflow.Id), stop);
            mistaken.AddRange(operators.Signals.FindFaults(workflow, actions, kept));
        }

        var ofSchedules = await schedules.FindFaultsAsync(workflows, stop);
        return new CrashReport(
            new Dictionary<string, int>([
                .. fallen,
                .. operators.Done,
                .. operators.Jobs.Kinds.Select(kind => new KeyValuePair<string, int>($"job {kind.Key}", kind.Value)),
                new("job in all", await operators.Jobs.CountAsync(stop)),
                new("run of a schedule", schedules.Created),
                new("skipped run", (int)schedules.Skipped),
                new("deadline", deadlines.Passed),
            ]),
            workflows.Count,
            repaired,
            leftByKilled,
            deadlines.Latest,
            [
                .. faults,
                .. misdated,
                .. mistaken,
                .. await operators.Jobs.FindFaultsAsync(stop),
                .. ofSchedules,
                .. await StoreInvariants.FindAsync(database.Store, Workload.Registry),
                .. Ledger.FindFaults(entered, workflows),
                .. Enumerable
                    .Range(0, options.Workflows)
                    .Select(ExternalId)
                    .Except(workflows.Select(workflow => workflow.ExternalId))
                    .Select(lost => $"created, but missing: {lost}"),
                .. workflows
                    .Where(workflow =>
                        workflow.Status != WorkflowStatus.Finished
                        && !(workflow.Status == WorkflowStatus.Cancelled && operators.MayBeCancelled(workflow))
                    )
                    .Select(workflow => $"not finished: {workflow}"),
            ]
        );
    }

    /// <summary>Retries a call while the database is busy or down.</summary>
    private static async Task<T> Persistently<T>(Func<Task<T>> call, IWorkflowStore store, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                await Task.Delay(100, stop);
            }
        }
    }
}
