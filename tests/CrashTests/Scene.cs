using System.Diagnostics;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash.Tests;

/// <summary>A database and the executor processes of one test. Disposing it checks the invariants of the store.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly CrashDatabase database;
    private readonly TempFolder folder = new();
    private readonly List<ExecutorProcess> executors = [];

    private Scene(CrashDatabase database) => this.database = database;

    public IWorkflowStore Store => database.Store;

    public Ledger Ledger => new(database);

    /// <summary>The file whose creation lets a held executor continue.</summary>
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
            Assert.SkipWhen(server is null, "The server was configured by the user, so it must not be stopped.");
            return server;
        }
    }

    /// <summary>Stops the database server, and waits until it does not answer any more.</summary>
    public Task StopServerAsync() => Server.StopAsync(Stop);

    /// <summary>Starts the server again, and waits until it answers and the store works.</summary>
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

    /// <summary>Connections that use up all connection slots of the server.</summary>
    public Task<Crowd> NewCrowdAsync() => ((ServerCrashDatabase)database).NewCrowdAsync();

    /// <summary>Starts an executor and waits until it is registered in the database.</summary>
    public async Task<ExecutorProcess> StartAsync(string name, TimeSpan? lease = null, TimeSpan? grace = null)
    {
        var executor = Start(name, lease, grace);
        await UntilAsync(() =>
            IsMetAsync(async () =>
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

    /// <summary>Creates a workflow that one executor runs until the gate opens.</summary>
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

    /// <summary>Creates a workflow that exhausts the thread pool of one executor.</summary>
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

    /// <summary>Waits until a workflow meets a condition, and returns how long that took.</summary>
    public async Task<TimeSpan> UntilAsync(long id, Func<WorkflowRecord, bool> condition)
    {
        var watch = Stopwatch.StartNew();
        await UntilAsync(
            () => IsMetAsync(async () => condition((await Store.FindAsync(id, Stop))!)),
            () => StoryAsync(id)
        );
        return watch.Elapsed;
    }

    /// <summary>False on a transient error: after a restart of the server, pooled connections fail at their next use.</summary>
    private async Task<bool> IsMetAsync(Func<Task<bool>> condition)
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
    /// Stalls an executor at a moment when others can still write: a process stalled in a transaction holds SQLite's write lock, which
    /// cannot be broken.
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

    /// <summary>Polls for a condition that other processes fulfil.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>>? story = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (watch.Elapsed > WaitTimeout)
            {
                Assert.Fail($"The condition was not met within {WaitTimeout}. {(story is null ? "" : await story())}");
            }

            await timer.WaitForNextTickAsync(Stop);
        }
    }

    /// <summary>The history of a workflow, the executors and their output.</summary>
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
