using System.Data.Common;
using System.Diagnostics.Metrics;
using GopherFlow.Authoring;
using GopherFlow.Client;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Hosting;
using GopherFlow.Operations;
using GopherFlow.Operations.Imports;
using GopherFlow.Operations.Jobs;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.TestSupport;

/// <summary>
/// An executor over a store, with a clock that the test advances. Disposing it stops the executor gracefully and checks the invariants
/// of the store.
/// </summary>
public sealed class EngineHarness : IAsyncDisposable
{
    /// <summary>
    /// The dispatcher, the permit granter, the repairer, the cleaner, the job runner, the schedule runner and the lease keeper. Each waits
    /// on the clock when it is idle, as does the follower while there are listeners.
    /// </summary>
    private const int Roles = 7;

    private static readonly EngineOptions Defaults = new();

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly TestStore store;
    private readonly bool ownsStore;
    private readonly ServiceProvider services;
    private readonly EngineMetrics metrics = new();
    private readonly Executor executor;

    private EngineHarness(
        TestStore store,
        bool ownsStore,
        IWorkflowStore workflows,
        VirtualClock clock,
        GopherFlowRegistration registration,
        EngineOptions options,
        ILoggerFactory loggers,
        Action<IServiceCollection>? configure,
        IJobStore jobs,
        IScheduleStore schedules
    )
    {
        this.store = store;
        this.ownsStore = ownsStore;
        Store = workflows;
        Clock = clock;
        var registry = Registry = registration.Build();
        var collection = new ServiceCollection();
        configure?.Invoke(collection);
        services = collection.BuildServiceProvider();
        var catalogue = new DefinitionCatalogue(registry, workflows, clock, options.VariablesJson);
        executor = new Executor(
            workflows,
            registry,
            catalogue,
            Feed,
            options,
            services.GetRequiredService<IServiceScopeFactory>(),
            clock,
            loggers,
            random: static () => 0.5,
            metrics: metrics
        );
        Operations = new WorkflowOperations(workflows, executor, catalogue, Feed, executor.Clock);
        Interventions = new Interventions(workflows, executor, catalogue, executor.Clock);
        Imports = new ImportOperations(workflows, executor, catalogue, executor.Clock);
        Trace = new WorkflowTrace(workflows, executor.Clock);
        Signals = new SignalOperations(workflows, executor, Operations, executor.Clock, options.SignalsLimit);
        Client = new EngineWorkflowClient(
            new EngineCalls(workflows, Operations, Signals, Interventions, catalogue.Serialization)
        );
        Versions = new VersionOperations(workflows, executor, registry, catalogue, executor.Clock);
        var steps = new JobSteps(catalogue, executor.VariablesLimit, options.SignalsLimit);
        var runner = new JobRunner(jobs, workflows, executor, steps, loggers.CreateLogger<JobRunner>());
        executor.Add("job runner", runner.RunAsync);
        Jobs = new JobOperations(jobs, workflows, executor, runner, registry, catalogue);
        Schedules = AddSchedules(schedules, registration.Schedules, catalogue, loggers);
    }

    /// <summary>The store used by the executor.</summary>
    public IWorkflowStore Store { get; }

    /// <summary>The clock.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The definitions.</summary>
    public DefinitionRegistry Registry { get; }

    /// <summary>Creating workflows and waiting for them.</summary>
    public WorkflowOperations Operations { get; }

    /// <summary>Operations of people on single workflows.</summary>
    public Interventions Interventions { get; }

    public ImportOperations Imports { get; }

    public SignalOperations Signals { get; }

    public IWorkflowClient Client { get; }

    public WorkflowTrace Trace { get; }

    /// <summary>Moves from version to version.</summary>
    public VersionOperations Versions { get; }

    /// <summary>Operations on many workflows.</summary>
    public JobOperations Jobs { get; }

    /// <summary>Operations on schedules.</summary>
    public ScheduleOperations Schedules { get; }

    /// <summary>Whether the executor can do its work.</summary>
    public EngineHealth Health => executor.Health;

    /// <summary>The work that waits in the database.</summary>
    public Backlog Backlog => executor.Backlog;

    /// <summary>The meter of this executor, which separates its measurements from those of others.</summary>
    public Meter Meter => metrics.Meter;

    /// <summary>Whether it reads the commits of other processes.</summary>
    public bool IsFollowing => executor.IsFollowing;

    /// <summary>The feed of committed changes.</summary>
    public ChangeFeed Feed { get; } = new();

    /// <summary>The id under which the executor is registered.</summary>
    public long ExecutorId => executor.Id;

    /// <summary>Opens a separate connection to the database.</summary>
    public DbConnection Connect() => store.Connect();

    /// <summary>Starts an executor over a new store of a kind.</summary>
    public static async Task<EngineHarness> StartAsync(
        StoreKind kind,
        Action<GopherFlowRegistration> register,
        EngineOptions? options = null,
        ILoggerFactory? loggers = null,
        Action<IServiceCollection>? configure = null
    )
    {
        var clock = new VirtualClock();
        var store = await TestStore.OpenAsync(kind, clock);
        return await StartAsync(
            store,
            ownsStore: true,
            store.Workflows,
            clock,
            register,
            options,
            loggers,
            configure,
            store.Jobs,
            store.Schedules
        );
    }

    /// <summary>Starts an executor over a given store, or a wrapper of it, and a given clock, which several executors can share.</summary>
    public static Task<EngineHarness> StartAsync(
        TestStore store,
        VirtualClock clock,
        Action<GopherFlowRegistration> register,
        EngineOptions? options = null,
        ILoggerFactory? loggers = null,
        IWorkflowStore? wrapped = null,
        Action<IServiceCollection>? configure = null,
        IJobStore? jobs = null,
        IScheduleStore? schedules = null
    ) =>
        StartUntilAsync(
            store,
            clock,
            register,
            options,
            loggers,
            wrapped,
            CancellationToken.None,
            configure,
            jobs,
            schedules
        );

    /// <summary>The same with a token that cancels the start.</summary>
    public static Task<EngineHarness> StartUntilAsync(
        TestStore store,
        VirtualClock clock,
        Action<GopherFlowRegistration> register,
        EngineOptions? options,
        ILoggerFactory? loggers,
        IWorkflowStore? wrapped,
        CancellationToken cancelled,
        Action<IServiceCollection>? configure = null,
        IJobStore? jobs = null,
        IScheduleStore? schedules = null
    ) =>
        StartAsync(
            store,
            ownsStore: false,
            wrapped ?? store.Workflows,
            clock,
            register,
            options,
            loggers,
            configure,
            jobs ?? store.Jobs,
            schedules ?? store.Schedules,
            cancelled
        );

    /// <summary>Creates a workflow that is due at once.</summary>
    public async Task<long> CreateAsync(string workflowType, string externalId = "one", Variables? variables = null)
    {
        var created = await Operations.CreateAsync(
            new CreateWorkflow
            {
                ExternalId = externalId,
                WorkflowType = workflowType,
                BusinessKey = "test",
                StateVars = variables ?? new Variables(),
            },
            CancellationToken.None
        );
        return created.Id;
    }

    /// <summary>Waits, with the change feed, until a workflow meets a condition.</summary>
    public async Task<WorkflowRecord> UntilAsync(long id, Func<WorkflowRecord, bool> condition)
    {
        using var changes = Feed.Subscribe(ChangeFilter.Workflow(id));
        using var limit = new CancellationTokenSource(LongestWait);
        while (true)
        {
            var workflow = await FindAsync(id);
            if (condition(workflow))
            {
                return workflow;
            }

            try
            {
                await changes.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                var history = string.Join('\n', await HistoryAsync(id));
                throw new TimeoutException($"After {LongestWait} the workflow is still: {workflow}\n{history}");
            }
        }
    }

    /// <summary>Waits until a workflow has a status.</summary>
    public Task<WorkflowRecord> UntilAsync(long id, WorkflowStatus status) =>
        UntilAsync(id, workflow => workflow.Status == status);

    /// <summary>Advances the clock in steps of 100 ms, each until the executor is idle, until a workflow meets a condition.</summary>
    public async Task<WorkflowRecord> TurnUntilAsync(long id, Func<WorkflowRecord, bool> condition)
    {
        for (var turn = 0; turn < 1000; turn++)
        {
            var workflow = await FindAsync(id);
            if (condition(workflow))
            {
                return workflow;
            }

            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await RestAsync();
        }

        throw new TimeoutException($"After 100 seconds of virtual time the workflow is still: {await FindAsync(id)}");
    }

    /// <summary>Waits until every role and every running workflow waits on the clock. A lease has a timer for its end.</summary>
    public async Task RestAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Clock.Timers < Roles + (executor.HasLease ? 1 : 0) + (executor.IsFollowing ? 1 : 0) + executor.Running)
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestWait)
            {
                throw new TimeoutException($"After {LongestWait} {executor.Running} workflows still run.");
            }

            await Task.Yield();
        }
    }

    /// <summary>Waits until a text was logged.</summary>
    public static async Task UntilLoggedAsync(LogCollector logs, string text)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var began = TimeProvider.System.GetTimestamp();
        while (!logs.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (TimeProvider.System.GetElapsedTime(began) > LongestWait)
            {
                throw new TimeoutException(
                    $"After {LongestWait} there is no '{text}' in the log:\n{string.Join('\n', logs.Lines)}"
                );
            }

            await Task.Yield();
        }
    }

    /// <summary>The stored workflow.</summary>
    public async Task<WorkflowRecord> FindAsync(long id) =>
        await Store.FindAsync(id, CancellationToken.None)
        ?? throw new InvalidOperationException($"There is no workflow {id}.");

    /// <summary>The history of a workflow, oldest first, each entry as "TYPE name: text".</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync(long id) =>
        [.. (await Store.ActionsAsync(new ActionSearch(id, 1000), CancellationToken.None)).Reverse().Tell()];

    /// <summary>Stops the executor gracefully, and returns whether everything could be written.</summary>
    public Task<bool> StopAsync() => executor.StopAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Running steps are cancelled at once, because the grace period would never end on a clock that does not advance.
        await executor.StopAsync(new CancellationToken(canceled: true));
        await executor.DisposeAsync();
        await StoreInvariants.CheckAsync(store.Workflows, Registry);
        await services.DisposeAsync();
        if (ownsStore)
        {
            await store.DisposeAsync();
        }
    }

    private ScheduleOperations AddSchedules(
        IScheduleStore schedules,
        DeclaredSchedules declared,
        DefinitionCatalogue catalogue,
        ILoggerFactory loggers
    )
    {
        var runs = new ScheduleRuns(catalogue);
        var faults = new ScheduleFaults(catalogue, executor.VariablesLimit);
        var runner = new ScheduleRunner(
            schedules,
            Store,
            executor,
            runs,
            new ScheduleDeclaring(declared, schedules, faults, loggers.CreateLogger<ScheduleDeclaring>()),
            loggers.CreateLogger<ScheduleRunner>()
        );
        executor.Add("schedule runner", runner.RunAsync);
        return new ScheduleOperations(schedules, Store, executor, runner, runs, faults, declared);
    }

    private static async Task<EngineHarness> StartAsync(
        TestStore store,
        bool ownsStore,
        IWorkflowStore workflows,
        VirtualClock clock,
        Action<GopherFlowRegistration> register,
        EngineOptions? options,
        ILoggerFactory? loggers,
        Action<IServiceCollection>? configure,
        IJobStore jobs,
        IScheduleStore schedules,
        CancellationToken cancellation = default
    )
    {
        var registration = new GopherFlowRegistration();
        register(registration);
        var harness = new EngineHarness(
            store,
            ownsStore,
            workflows,
            clock,
            registration,
            Steady(options ?? Defaults),
            loggers ?? NullLoggerFactory.Instance,
            configure,
            jobs,
            schedules
        );
        await harness.executor.StartAsync(cancellation);
        return harness;
    }

    /// <summary>
    /// Replaces default durations: the lease is longer than any advance of the clock, so that it does not expire while a heartbeat is in
    /// flight, functions have no timeout timer, and creates do not wait for a slot. Values other than the defaults are kept.
    /// </summary>
    private static EngineOptions Steady(EngineOptions options) =>
        options with
        {
            Lease = options.Lease == Defaults.Lease ? TimeSpan.FromDays(30) : options.Lease,
            StateTimeout =
                options.StateTimeout == Defaults.StateTimeout ? Timeout.InfiniteTimeSpan : options.StateTimeout,
            CreateWait = options.CreateWait == Defaults.CreateWait ? TimeSpan.Zero : options.CreateWait,
        };
}
