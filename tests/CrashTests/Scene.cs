using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash.Tests;

/// <summary>A database and the executor processes of one test. Its end checks the invariants of the store.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly CrashDatabase database;
    private readonly TempFolder folder = new();
    private readonly List<ExecutorProcess> executors = [];

    private Scene(CrashDatabase database) => this.database = database;

    public IWorkflowStore Store => database.Store;

    public Ledger Ledger => new(database);

    /// <summary>The file whose appearance lets a held executor continue.</summary>
    public string Gate => folder.File("gate");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Scene> OpenAsync(string kind)
    {
        var scene = new Scene(await CrashDatabase.OpenAsync(kind));
        await scene.Store.InitializeAsync(Stop);
        await scene.Ledger.CreateAsync();
        return scene;
    }

    private PrivateServer Server
    {
        get
        {
            var server = ((ServerCrashDatabase)database).Server;
            Assert.SkipWhen(server is null, "The server was named by hand, and is not this test's to stop.");
            return server;
        }
    }

    /// <summary>Stops the database server, and waits until it has gone.</summary>
    public Task StopServerAsync() => Server.StopAsync(Stop);

    /// <summary>Starts it again, and waits until it answers and the store has noticed.</summary>
    public async Task StartServerAsync()
    {
        await Server.StartAsync(Stop);
        await UntilAsync(async () =>
        {
            try
            {
                await Store.CountsAsync(Stop);
                return true;
            }
            catch (Exception trouble) when (Store.IsTransient(trouble))
            {
                return false;
            }
        });
    }

    /// <summary>Others who take every connection that the server has.</summary>
    public Task<Crowd> NewCrowdAsync() => ((ServerCrashDatabase)database).NewCrowdAsync();

    /// <summary>Starts an executor and waits until it is entered in the database.</summary>
    public async Task<ExecutorProcess> StartAsync(string name, TimeSpan? lease = null, TimeSpan? grace = null)
    {
        var executor = Start(name, lease, grace);
        await UntilAsync(() =>
            SeesAsync(async () =>
                (await Store.ExecutorsAsync(100, Stop)).Any(entered => entered.Name == name && entered.Ended is null)
            )
        );
        return executor;
    }

    /// <summary>Starts an executor.</summary>
    public ExecutorProcess Start(string name, TimeSpan? lease = null, TimeSpan? grace = null)
    {
        var settings = new Dictionary<string, string>(database.Settings);
        if (lease is { } length)
        {
            settings["GFLOW_ENGINE_LEASE"] = $"{length.TotalMilliseconds:0}ms";
        }

        if (grace is { } period)
        {
            settings["GFLOW_ENGINE_GRACE_PERIOD"] = $"{period.TotalMilliseconds:0}ms";
        }

        var executor = ExecutorProcess.Start(name, settings);
        executors.Add(executor);
        return executor;
    }

    /// <summary>Creates a workflow that holds one executor up.</summary>
    public async Task<long> CreateHeldAsync(string holder) =>
        (
            await CreateAsync([
                NewWorkflow(
                    Workload.Held,
                    "held",
                    new Variables { [Workload.Holder] = holder, [Workload.Gate] = Gate }
                ),
            ])
        )[0];

    /// <summary>Creates a workflow that leaves one executor without a thread of its pool.</summary>
    public async Task<long> CreateStarvedAsync(string holder) =>
        (await CreateAsync([NewWorkflow(Workload.Starved, "starved", new Variables { [Workload.Holder] = holder })]))[
            0
        ];

    /// <summary>Creates orders.</summary>
    public Task<long[]> CreateOrdersAsync(int count) =>
        CreateAsync([
            .. Enumerable
                .Range(0, count)
                .Select(number => NewWorkflow(Workload.Order, $"order-{number}", new Variables())),
        ]);

    /// <summary>Waits until a workflow is as described, and tells how long that took.</summary>
    public async Task<TimeSpan> UntilAsync(long id, Func<WorkflowRecord, bool> condition)
    {
        var watch = Stopwatch.StartNew();
        await UntilAsync(
            () => SeesAsync(async () => condition((await Store.FindAsync(id, Stop))!)),
            () => StoryAsync(id)
        );
        return watch.Elapsed;
    }

    /// <summary>A server that was restarted has cut the connections of the pool: each is found out by its next use.</summary>
    private async Task<bool> SeesAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception trouble) when (Store.IsTransient(trouble))
        {
            return false;
        }
    }

    /// <summary>
    /// Stalls an executor at a moment when others can still write: a process that is stalled in a transaction keeps SQLite's write lock,
    /// and nothing can take it away.
    /// </summary>
    public async Task StallAsync(ExecutorProcess executor)
    {
        await executor.StallAsync();
        while (!await CanWriteAsync())
        {
            await executor.ResumeAsync();
            await executor.StallAsync();
        }
    }

    private async Task<bool> CanWriteAsync()
    {
        var nobody = new ExecutorHeartbeat(0, TimeSpan.Zero);
        try
        {
            await Task.Run(() => Store.HeartbeatAsync(nobody, Stop), Stop).WaitAsync(TimeSpan.FromSeconds(2), Stop);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits for what other processes do; there is no signal of theirs to wait for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>>? story = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (watch.Elapsed > WaitTimeout)
            {
                Assert.Fail($"It did not come about within {WaitTimeout}. {(story is null ? "" : await story())}");
            }

            await timer.WaitForNextTickAsync(Stop);
        }
    }

    /// <summary>What happened to a workflow, and what the executors say.</summary>
    public async Task<string> StoryAsync(long id)
    {
        var history = await Store.ActionsAsync(new ActionSearch(id, 100), Stop);
        var entered = await Store.ExecutorsAsync(100, Stop);
        return string.Join(
            Environment.NewLine,
            [
                .. history
                    .Reverse()
                    .SelectMany(action => new[] { action }.Tell().Select(line => $"{action.DateTime:O} {line}")),
                .. entered.Select(executor => $"{executor}"),
                .. executors.SelectMany(executor => executor.Lines.Select(line => $"{executor.Name}: {line}")),
            ]
        );
    }

    public async ValueTask DisposeAsync()
    {
        executors.ForEach(executor => executor.Dispose());
        await StoreInvariants.CheckAsync(Store, Workload.Registry);
        await database.DisposeAsync();
        folder.Dispose();
    }

    private async Task<long[]> CreateAsync(IReadOnlyList<NewWorkflow> workflows)
    {
        var written = await Store.WriteAsync(new WriteBatch(workflows, [], 0, DateTimeOffset.UtcNow), Stop);
        return [.. written.Creates.Select(created => created.Id)];
    }

    private static NewWorkflow NewWorkflow(string type, string externalId, Variables variables)
    {
        Workload.Registry.TryFind(type, out var definition);
        return new NewWorkflow
        {
            ExternalId = externalId,
            WorkflowType = type,
            Version = definition!.Version,
            BusinessKey = externalId,
            ExecutorGroup = "default",
            State = definition.InitialState,
            StateVars = variables.ToJson(),
            NextActivation = DateTimeOffset.UtcNow,
        };
    }
}
