using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// One executor: its roles (dispatcher, committer, lease keeper, repairer, listener, follower, cleaner), started and stopped together. It names no thread
/// pool: every role stays where it was started, and the author's code runs on the scheduler that is given, so that a simulator can
/// put all of them on one thread of its own.
/// </summary>
internal sealed class Executor : IAsyncDisposable
{
    /// <summary>How long the last writes may take when the running steps have ended, or have been ended.</summary>
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    /// <summary>Threads for callbacks beyond those of the slots.</summary>
    private const int Reserve = 64;

    private readonly IWorkflowStore store;
    private readonly DefinitionRegistry registry;
    private readonly ChangeFeed feed;
    private readonly EngineOptions options;
    private readonly DatabaseClock clock;
    private readonly LeaseThreads? leaseThreads;
    private readonly EngineMetrics metrics;
    private readonly ILogger<Executor> log;

    private readonly StepThreads? stepThreads;
    private readonly AuthorThreads threads;
    private readonly RunningWorkflows running;
    private readonly ClaimCalls calls = new();
    private readonly Crowd crowd = new();
    private readonly Supervisor supervisor;
    private readonly Committer committer;
    private readonly Dispatcher dispatcher;
    private readonly PermitGranter granter;
    private readonly Admission admission;
    private readonly Creator creator;
    private readonly LeaseKeeper leaseKeeper;
    private readonly Startup startup;
    private readonly Listener listener;
    private readonly ChangeFollower follower;
    private readonly Repairer repairer;
    private readonly Cleaner cleaner;
    private readonly WorkflowRunner runner;
    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource stopKeeping = new();
    private readonly CancellationTokenSource giveUpWriting = new();
    private readonly CancellationTokenSource hurried = new();
    private readonly Lazy<Task<bool>> stopping;
    private Task dispatching = Task.CompletedTask;
    private Task committing = Task.CompletedTask;
    private Task keeping = Task.CompletedTask;
    private Task repairing = Task.CompletedTask;
    private Task listening = Task.CompletedTask;
    private Task cleaning = Task.CompletedTask;
    private Task following = Task.CompletedTask;
    private Task others = Task.CompletedTask;
    private readonly List<(string Name, Func<CancellationToken, Task> Run)> otherRoles = [];
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
        clock = new DatabaseClock(process);
        log = loggers.CreateLogger<Executor>();
        Health = new EngineHealth(clock);
        Ended = new EndedTally(clock);
        supervisor = new Supervisor(Health, metrics, clock, loggers.CreateLogger<Supervisor>());
        // A function and the callback that cancels it may both block, and every slot may be held like that.
        stepThreads = steps is null ? new StepThreads((2 * options.ExecutorSize) + Reserve) : null;
        threads = new AuthorThreads(steps ?? stepThreads!, loggers.CreateLogger<AuthorThreads>());
        running = new RunningWorkflows(
            options.ExecutorSize,
            threads,
            SlotIsFree,
            loggers.CreateLogger<RunningWorkflows>()
        );
        stopping = new Lazy<Task<bool>>(StopInOrderAsync);
        leaseKeeper = new LeaseKeeper(
            store,
            options,
            lost: running.CancelAll,
            regained: LookNow,
            metrics,
            clock,
            leaseThreads,
            loggers.CreateLogger<LeaseKeeper>()
        );
        startup = new Startup(store, registry, leaseKeeper, clock, loggers.CreateLogger<Startup>());
        committer = new Committer(
            store,
            () => leaseKeeper.ExecutorId,
            options.BatchSize,
            Observe,
            metrics,
            clock,
            loggers.CreateLogger<Committer>()
        );
        runner = new WorkflowRunner(
            registry,
            new StateRunner(
                store,
                scopes,
                options.StateTimeout,
                VariablesLimit,
                options.VariablesJson,
                new CommitCallbacks(
                    threads,
                    running,
                    options.OnCommitTimeout,
                    clock,
                    loggers.CreateLogger<CommitCallbacks>()
                ),
                threads,
                clock,
                loggers
            ),
            new ChildPlanner(catalogue, store, VariablesLimit, clock, loggers.CreateLogger<ChildPlanner>()),
            new SignalFinder(store, options.VariablesJson),
            committer,
            running,
            options.StepsWithoutWait,
            random ?? Random.Shared.NextDouble,
            metrics,
            Ended,
            clock,
            loggers.CreateLogger<WorkflowRunner>()
        );
        dispatcher = new Dispatcher(
            store,
            registry,
            running,
            options,
            () => leaseKeeper.HasLease ? leaseKeeper.ExecutorId : null,
            StartRuns,
            SlotsReturned,
            feed,
            calls,
            metrics,
            clock
        );
        granter = new PermitGranter(
            store,
            registry,
            new LimitCatalogue(store, process),
            running,
            options,
            () => leaseKeeper.HasLease ? leaseKeeper.ExecutorId : null,
            StartRuns,
            () =>
            {
                dispatcher.SlotIsFree();
                admission!.Admit();
            },
            feed,
            calls,
            crowd,
            metrics,
            clock
        );
        admission = new Admission(
            running,
            () => leaseKeeper.HasLease && !dispatcher.IsBehind,
            options.CreateQueue,
            options.CreateWait,
            clock
        );
        creator = new Creator(
            committer,
            admission,
            calls,
            () => leaseKeeper.ExecutorId,
            CanRunNow,
            StartRun,
            GiveSlotBack,
            metrics,
            clock
        );
        follower = new ChangeFollower(store, feed, clock);
        listener = new Listener(store, new StoreNews(NoticeDue, follower.Wake), options.CheckDbInterval, log);
        repairer = new Repairer(
            store,
            running,
            calls,
            options,
            () => leaseKeeper.ExecutorId,
            Observe,
            crowd,
            metrics,
            clock,
            loggers.CreateLogger<Repairer>()
        );
        cleaner = new Cleaner(
            store,
            options,
            () => leaseKeeper.HasLease ? leaseKeeper.ExecutorId : null,
            random ?? Random.Shared.NextDouble,
            metrics,
            clock,
            loggers.CreateLogger<Cleaner>()
        );
        AddChecks();
        Backlog = new Backlog(store, clock, () => startup.IsOpen, registry.HasLimits, loggers.CreateLogger<Backlog>());
        ExecutorGauges.AddProcess(metrics.Meter, options, running, committer, admission, feed, Health);
        ExecutorGauges.AddDatabase(metrics.Meter, Backlog);
    }

    /// <summary>The id under which this executor is registered.</summary>
    public long Id => leaseKeeper.ExecutorId;

    /// <summary>The database's clock.</summary>
    public DatabaseClock Clock => clock;

    /// <summary>How many executors share the database.</summary>
    public Crowd Crowd => crowd;

    /// <summary>How large the variables of one workflow may be.</summary>
    public VariablesLimit VariablesLimit => new(options.VariablesLimit);

    /// <summary>Whether it has its lease now.</summary>
    public bool HasLease => leaseKeeper.HasLease;

    /// <summary>Whether it can do its work.</summary>
    public EngineHealth Health { get; }

    /// <summary>How many workflows have ended here.</summary>
    public EndedTally Ended { get; }

    /// <summary>What waits in the database.</summary>
    public Backlog Backlog { get; }

    /// <summary>Whether it reads now what other processes commit.</summary>
    public bool IsFollowing => follower.IsFollowing;

    /// <summary>How many workflows run now.</summary>
    public int Running => running.Claims.Count;

    /// <summary>Raised with what was committed, by this executor or another, on the thread that passes it on. A handler must not block.</summary>
    public event Action<IReadOnlyList<WorkflowChange>>? Committed;

    /// <summary>Adds a role that is started and stopped with the others. Before the start.</summary>
    public void Add(string role, Func<CancellationToken, Task> run) => otherRoles.Add((role, run));

    /// <summary>
    /// Opens the store, registers the executor, saves the definitions and begins to claim; waits for a database that is away. When workflows do
    /// not run here, it is registered without slots and claims nothing.
    /// </summary>
    /// <exception cref="StoreSetupException">The database cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        metrics.Begin();
        try
        {
            await startup.RegisterAsync(cancellation);
            keeping = supervisor.RunAsync("lease keeper", leaseKeeper.RunAsync, stopKeeping.Token);
            await startup.SaveDefinitionsAsync(cancellation);
        }
        catch
        {
            committer.Abandon();
            throw;
        }

        StartRoles();
        started = true;
    }

    private void StartRoles()
    {
        committing = Task.WhenAll(
            committer.Loops.Select(loop => supervisor.RunAsync("committer", loop, giveUpWriting.Token))
        );
        listening = supervisor.RunAsync("listener", listener.RunAsync, stopClaiming.Token);
        following = supervisor.RunAsync("follower", follower.RunAsync, stopClaiming.Token);
        if (options.IsEnabled)
        {
            repairing = supervisor.RunAsync("repairer", repairer.RunAsync, stopClaiming.Token);
            cleaning = supervisor.RunAsync("cleaner", cleaner.RunAsync, stopClaiming.Token);
            dispatching = Task.WhenAll(
                supervisor.RunAsync("dispatcher", dispatcher.RunAsync, stopClaiming.Token),
                supervisor.RunAsync("permit granter", granter.RunAsync, stopClaiming.Token)
            );
        }

        others = Task.WhenAll(otherRoles.Select(role => supervisor.RunAsync(role.Name, role.Run, stopClaiming.Token)));
        registry.Changed += LookNow;
    }

    /// <summary>
    /// Stops in order: claims nothing more, lets running steps finish within the grace period, ends the rest, writes what is to
    /// be written, and gives every claim back in one commit. A call while it is stopping waits for the same end.
    /// </summary>
    /// <param name="hurry">Ends the grace period.</param>
    /// <returns>Whether everything could be written. If not, that is logged, and the claims run out with the lease.</returns>
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

    /// <summary>Stops, if that has not happened yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        stopKeeping.Cancel();
        stopClaiming.Dispose();
        stopKeeping.Dispose();
        giveUpWriting.Dispose();
        hurried.Dispose();
        admission.Dispose();
        follower.Dispose();
        committer.Dispose();
        stepThreads?.Dispose();
        leaseThreads?.Dispose();
        metrics.Dispose();
    }

    /// <summary>Creates a workflow durably.</summary>
    /// <exception cref="OverloadedException">Too many creates wait already.</exception>
    public Task<CreateOutcome> CreateAsync(NewWorkflow create, CancellationToken cancellation) =>
        creator.CreateAsync(create, cancellation);

    /// <summary>Passes on what was committed, by this executor or another: to listeners, to the dispatcher, and to runs that lost their claim.</summary>
    public void Observe(IReadOnlyList<WorkflowChange> changes)
    {
        CountCreated(changes);
        feed.Publish(changes);
        running.EndFencedOut(changes);
        dispatcher.Notice(changes);
        granter.Notice(changes);
        Committed?.Invoke(changes);
    }

    /// <summary>
    /// The same of a write. An event that was not committed has still locked its row for a moment, and a claim may have passed over it. Its
    /// row may be what an earlier commit has left, whose answer was lost: nobody here was told of that.
    /// </summary>
    public void Observe(WriteResult result)
    {
        Observe(result.Changes);
        if (result.Events.Any(static outcome => outcome.Verdict != EventVerdict.Committed))
        {
            WorkflowChange[] standing = [.. result.Events.SelectMany(AsItStands)];
            feed.Publish(standing);
            granter.Notice(standing);
            dispatcher.LookNow();
        }

        static IEnumerable<WorkflowChange> AsItStands(EventOutcome outcome) =>
            outcome is { Verdict: not (EventVerdict.Committed or EventVerdict.Rejected), Workflow: { } workflow }
                ? [WorkflowChange.To(workflow, workflow.State)]
                : [];
    }

    /// <summary>Looks for due work at once, for a test that has turned the clock.</summary>
    public void LookNow()
    {
        dispatcher.LookNow();
        granter.LookNow();
    }

    private void CountCreated(IReadOnlyList<WorkflowChange> changes)
    {
        if (metrics.CountsCreated)
        {
            foreach (var change in changes.Where(static change => change.PreviousState is null))
            {
                metrics.Created(change.WorkflowType);
            }
        }
    }

    private bool CanRunNow(NewWorkflow create) =>
        options.IsEnabled
        && leaseKeeper.HasLease
        && create.Limit is null
        && create.NextActivation <= clock.GetUtcNow()
        && options.ExecutorGroups.Contains(create.ExecutorGroup)
        && registry.CanRun(new DefinitionKey(create.WorkflowType, create.Version));

    private void AddChecks()
    {
        Health.Add(
            "executor",
            () =>
                !started ? "The executor has not started."
                : stopping.IsValueCreated ? "The executor is stopping."
                : null
        );
        Health.Add(
            "database",
            () => leaseKeeper.IsUnanswered ? "The database has not answered the last heartbeat." : null
        );
        Health.Add(
            "migrations",
            () => startup.IsOpen ? null : "The database was not reached yet, or its schema is not up to date."
        );
        Health.Add(
            "lease",
            () => started && !stopping.IsValueCreated && !leaseKeeper.HasLease ? "The lease is lost." : null
        );
        Health.Add(
            "threads",
            () =>
                running.Held >= options.ExecutorSize
                    ? $"No slot is left: {running.Held} functions have not returned although their attempts are over."
                    : null
        );
    }

    private void GiveSlotBack()
    {
        running.Return(1);
        SlotIsFree();
    }

    /// <summary>What is due goes before what is new.</summary>
    private void SlotIsFree()
    {
        granter.SlotIsFree();
        dispatcher.SlotIsFree();
        admission.Admit();
    }

    private void SlotsReturned()
    {
        granter.SlotIsFree();
        admission.Admit();
    }

    private void NoticeDue(DueHint hint)
    {
        if (!granter.Notice(hint))
        {
            dispatcher.Notice(hint);
        }
    }

    private void StartRuns(IReadOnlyList<WorkflowRecord> claimed)
    {
        foreach (var workflow in claimed)
        {
            StartRun(workflow);
        }
    }

    private void StartRun(WorkflowRecord workflow)
    {
        var run = running.Add(workflow);
        if (!leaseKeeper.Holds(workflow.ExecutorId))
        {
            // The lease was lost while the claim was on its way.
            running.Cancel(run);
        }

        _ = threads.RunAsync(() => RunAsync(run));
    }

    private async Task RunAsync(WorkflowRun run)
    {
        var hasPermit = run.Workflow.Permit == Permit.Needed;
        await runner.RunAsync(run);
        if (hasPermit)
        {
            granter.RunHasEnded(run.Workflow.WorkflowType, run.Claim);
        }

        SlotIsFree();
    }

    /// <summary>Each token is cancelled here and now: CancelAsync would call back on the thread pool.</summary>
    private async Task<bool> StopInOrderAsync()
    {
        registry.Changed -= LookNow;
        stopClaiming.Cancel();
        var drained = running.DrainAsync();
        admission.EndAllWaits();
        var quiet = Task.WhenAll(drained, dispatching, repairing, listening, following, cleaning, others);
        if (!await EndsWithinAsync(quiet, options.GracePeriod, hurried.Token))
        {
            log.GracePeriodOver(Id, running.Claims.Count, options.GracePeriod);
            giveUpWriting.Cancel();
            running.EndAll();
        }

        using var limit = new CancellationTokenSource(LastWrites, clock);
        try
        {
            await quiet.WaitAsync(limit.Token);
            committer.Complete();
            await committing.WaitAsync(limit.Token);
            stopKeeping.Cancel();
            await keeping.WaitAsync(limit.Token);
            await GiveBackAsync(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception trouble)
        {
            log.StopIncomplete(trouble, Id, options.Lease);
            return false;
        }
        finally
        {
            giveUpWriting.Cancel();
            committer.Complete();
            stopKeeping.Cancel();
        }
    }

    private async Task GiveBackAsync(CancellationToken cancellation)
    {
        var owned = await store.OwnedAsync(Id, cancellation);
        feed.Publish(await store.HandBackAsync(Id, owned, clock.Now(), cancellation));
        await store.DeregisterExecutorAsync(Id, cancellation);
        log.ExecutorStopped(Id, owned.Count);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken hurry)
    {
        try
        {
            await task.WaitAsync(limit, clock, hurry);
            return true;
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
