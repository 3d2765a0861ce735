using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// One executor: its roles (dispatcher, committer, lease keeper, repairer, listener, follower, cleaner), started and stopped together. It
/// does not use the thread pool explicitly: every role stays on the scheduler that started it, and the author's code runs on a configurable
/// scheduler. This lets a simulator run all of them on one thread.
/// </summary>
internal sealed class Executor : IAsyncDisposable
{
    /// <summary>How long the last writes may take at shutdown, after the running steps have ended or been cancelled.</summary>
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private readonly IWorkflowStore store;
    private readonly DefinitionRegistry registry;
    private readonly ChangeFeed feed;
    private readonly EngineOptions options;
    private readonly LeaseThreads? leaseThreads;
    private readonly EngineMetrics metrics;
    private readonly ILogger<Executor> log;

    private readonly ExecutorRoles roles;
    private readonly RoleTasks tasks;
    private readonly Startup startup;
    private readonly CancellationTokenSource hurried = new();
    private readonly Lazy<Task<bool>> stopping;
    private volatile bool started;

    public Executor(
        IWorkflowStore store,
        DefinitionRegistry registry,
        DefinitionCatalogue catalogue,
        ChangeFeed feed,
        EngineOptions options,
        IServiceScopeFactory scopes,
        TimeProvider process,
        ILoggerFactory loggers,
        Func<double>? random = null,
        TaskScheduler? steps = null,
        LeaseThreads? leaseThreads = null,
        EngineMetrics? metrics = null
    )
    {
        this.store = store;
        this.registry = registry;
        this.feed = feed;
        this.options = options;
        this.leaseThreads = leaseThreads;
        this.metrics = metrics ??= new EngineMetrics();
        Clock = new DatabaseClock(process);
        log = loggers.CreateLogger<Executor>();
        Health = new EngineHealth(Clock);
        roles = new ExecutorRoles(
            store,
            registry,
            catalogue,
            feed,
            options,
            scopes,
            process,
            Clock,
            loggers,
            random ?? Random.Shared.NextDouble,
            steps,
            leaseThreads,
            metrics
        );
        tasks = new RoleTasks(
            roles,
            new Supervisor(Health, metrics, Clock, loggers.CreateLogger<Supervisor>()),
            runsWorkflows: options.IsEnabled
        );
        startup = new Startup(store, registry, roles.LeaseKeeper, options, Clock, loggers.CreateLogger<Startup>());
        stopping = new Lazy<Task<bool>>(StopInOrderAsync);
        ExecutorChecks.Add(
            Health,
            options,
            roles.Running,
            roles.LeaseKeeper,
            startup,
            () => started,
            () => stopping.IsValueCreated
        );
        Backlog = new Backlog(store, Clock, () => startup.IsOpen, registry.HasLimits, loggers.CreateLogger<Backlog>());
        ExecutorGauges.AddProcess(
            metrics.Meter,
            options,
            roles.Running,
            roles.Committer,
            roles.Admission,
            feed,
            Health
        );
        ExecutorGauges.AddDatabase(metrics.Meter, Backlog);
    }

    /// <summary>The id under which this executor is registered.</summary>
    public long Id => roles.LeaseKeeper.ExecutorId;

    /// <summary>The database's clock.</summary>
    public DatabaseClock Clock { get; }

    /// <summary>The number of executors on the database, which determines how often this one polls.</summary>
    public Crowd Crowd => roles.Crowd;

    /// <summary>The size limit for the variables of one workflow.</summary>
    public VariablesLimit VariablesLimit => new(options.VariablesLimit);

    /// <summary>Whether it has its lease at the moment.</summary>
    public bool HasLease => roles.LeaseKeeper.HasLease;

    /// <summary>The readiness of this executor.</summary>
    public EngineHealth Health { get; }

    /// <summary>How many workflows have ended on this executor.</summary>
    public EndedTally Ended => roles.Ended;

    /// <summary>The backlog in the database.</summary>
    public Backlog Backlog { get; }

    /// <summary>Whether it is reading the commits of other processes at the moment.</summary>
    public bool IsFollowing => roles.Follower.IsFollowing;

    /// <summary>How many workflows are running.</summary>
    public int Running => roles.Running.Claims.Count;

    /// <summary>
    /// Raised with committed changes of this executor or another, on the thread that reports them. A handler must not block.
    /// </summary>
    public event Action<IReadOnlyList<WorkflowChange>>? Committed
    {
        add => roles.Commits.Committed += value;
        remove => roles.Commits.Committed -= value;
    }

    /// <summary>Adds a role that is started and stopped with the others. Call it before <see cref="StartAsync"/>.</summary>
    public void Add(string role, Func<CancellationToken, Task> run) => tasks.Add(role, run);

    /// <summary>
    /// Opens the store, registers the executor, saves the definitions, and begins to claim. While the database is unavailable, it waits. If
    /// workflows do not run in this process, the executor is registered without slots and claims nothing.
    /// </summary>
    /// <exception cref="StoreSetupException">The database cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        metrics.Begin();
        try
        {
            await startup.RegisterAsync(cancellation);
            tasks.StartKeeping();
            await startup.SaveDefinitionsAsync(cancellation);
        }
        catch
        {
            roles.Committer.Abandon();
            throw;
        }

        tasks.Start();
        registry.Changed += PollNow;
        started = true;
    }

    /// <summary>
    /// Shuts down gracefully: stops claiming, lets running steps finish within the grace period, cancels the remaining ones, writes all
    /// outcomes, and releases all claims in one commit. A second call waits for the same shutdown.
    /// </summary>
    /// <param name="hurry">Cancels the grace period.</param>
    /// <returns>Whether everything could be written. If not, this is logged, and the claims expire with the lease.</returns>
    public async Task<bool> StopAsync(CancellationToken hurry)
    {
        if (!started)
        {
            return true;
        }

        await using (hurry.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), hurried))
        {
            return await stopping.Value;
        }
    }

    /// <summary>Stops the executor if it is still running.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        tasks.Dispose();
        hurried.Dispose();
        roles.Dispose();
        leaseThreads?.Dispose();
        metrics.Dispose();
    }

    /// <summary>Creates a workflow durably.</summary>
    /// <exception cref="OverloadedException">Too many creates are waiting.</exception>
    public Task<CreateOutcome> CreateAsync(NewWorkflow create, CancellationToken cancellation) =>
        roles.Creator.CreateAsync(create, cancellation);

    /// <summary>Passes on changes that this executor or another has committed.</summary>
    public void Observe(IReadOnlyList<WorkflowChange> changes) => roles.Commits.Observe(changes);

    /// <summary>Passes on the result of a write.</summary>
    public void Observe(WriteResult result) => roles.Commits.Observe(result);

    /// <summary>Claims due work immediately, for example after a test has advanced the clock.</summary>
    public void PollNow() => roles.PollNow();

    private async Task<bool> StopInOrderAsync()
    {
        registry.Changed -= PollNow;
        var quiet = tasks.StopClaimingAsync();
        if (!await EndsWithinAsync(quiet, options.GracePeriod, hurried.Token))
        {
            log.GracePeriodOver(Id, Running, options.GracePeriod);
            tasks.CancelRuns();
        }

        using var limit = new CancellationTokenSource(LastWrites, Clock);
        try
        {
            await quiet.WaitAsync(limit.Token);
            await tasks.StopCommittingAsync().WaitAsync(limit.Token);
            await tasks.StopKeepingAsync().WaitAsync(limit.Token);
            await ReleaseClaimsAsync(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception trouble)
        {
            log.StopIncomplete(trouble, Id, options.Lease);
            return false;
        }
        finally
        {
            tasks.Abandon();
        }
    }

    private async Task ReleaseClaimsAsync(CancellationToken cancellation)
    {
        var owned = await store.OwnedAsync(Id, cancellation);
        feed.Publish(await store.HandBackAsync(Id, owned, Clock.Now(), cancellation));
        await store.DeregisterExecutorAsync(Id, cancellation);
        log.ExecutorStopped(Id, owned.Count);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken hurry)
    {
        try
        {
            await task.WaitAsync(limit, Clock, hurry);
            return true;
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
