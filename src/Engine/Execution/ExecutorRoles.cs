using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// The roles of an executor, and how they are connected: which of them is notified of due work, which is offered a free slot, and what runs
/// a claimed workflow.
/// </summary>
internal sealed class ExecutorRoles : IDisposable
{
    /// <summary>Extra threads for callbacks, in addition to those for the slots.</summary>
    private const int Reserve = 64;

    private readonly DefinitionRegistry registry;
    private readonly EngineOptions options;
    private readonly DatabaseClock clock;
    private readonly StepThreads? stepThreads;
    private readonly AuthorThreads threads;
    private readonly WorkflowRunner runner;
    private readonly ClaimCalls calls = new();

    public ExecutorRoles(
        IWorkflowStore store,
        DefinitionRegistry registry,
        DefinitionCatalogue catalogue,
        ChangeFeed feed,
        EngineOptions options,
        IServiceScopeFactory scopes,
        TimeProvider process,
        DatabaseClock clock,
        ILoggerFactory loggers,
        Func<double> random,
        TaskScheduler? steps,
        LeaseThreads? leaseThreads,
        EngineMetrics metrics
    )
    {
        this.registry = registry;
        this.options = options;
        this.clock = clock;
        Ended = new EndedTally(clock);
        // A function and the callback that cancels it may both block, in every slot.
        stepThreads = steps is null ? new StepThreads((2 * options.ExecutorSize) + Reserve) : null;
        threads = new AuthorThreads(steps ?? stepThreads!, loggers.CreateLogger<AuthorThreads>());
        Running = new RunningWorkflows(
            options.ExecutorSize,
            threads,
            SlotIsFree,
            loggers.CreateLogger<RunningWorkflows>()
        );
        LeaseKeeper = new LeaseKeeper(
            store,
            options,
            lost: Running.CancelAll,
            regained: PollNow,
            metrics,
            clock,
            leaseThreads,
            loggers.CreateLogger<LeaseKeeper>()
        );
        Dispatcher = new Dispatcher(
            store,
            registry,
            Running,
            options,
            () => LeaseKeeper.HasLease ? LeaseKeeper.ExecutorId : null,
            StartRuns,
            SlotsReturned,
            feed,
            calls,
            metrics,
            clock
        );
        Granter = new PermitGranter(
            store,
            registry,
            new LimitCatalogue(store, process),
            Running,
            options,
            () => LeaseKeeper.HasLease ? LeaseKeeper.ExecutorId : null,
            StartRuns,
            () =>
            {
                Dispatcher.SlotIsFree();
                Admission!.Admit();
            },
            feed,
            calls,
            Crowd,
            metrics,
            clock
        );
        Commits = new CommitObserver(feed, Running, Dispatcher, Granter, metrics);
        Committer = new Committer(
            store,
            () => LeaseKeeper.ExecutorId,
            options.BatchSize,
            Commits.Observe,
            metrics,
            clock,
            loggers.CreateLogger<Committer>()
        );
        var variablesLimit = new VariablesLimit(options.VariablesLimit);
        runner = new WorkflowRunner(
            registry,
            new StateRunner(
                store,
                scopes,
                options.StateTimeout,
                variablesLimit,
                options.VariablesJson,
                new CommitCallbacks(
                    threads,
                    Running,
                    options.OnCommitTimeout,
                    clock,
                    loggers.CreateLogger<CommitCallbacks>()
                ),
                threads,
                clock,
                loggers
            ),
            new ChildPlanner(catalogue, store, variablesLimit, clock, loggers.CreateLogger<ChildPlanner>()),
            new SignalFinder(store, options.VariablesJson),
            Committer,
            Running,
            options.StepsWithoutWait,
            random,
            metrics,
            Ended,
            clock,
            loggers.CreateLogger<WorkflowRunner>()
        );
        Admission = new Admission(
            Running,
            () => LeaseKeeper.HasLease && !Dispatcher.IsBehind,
            options.CreateQueue,
            options.CreateWait,
            clock
        );
        Creator = new Creator(
            Committer,
            Admission,
            calls,
            () => LeaseKeeper.ExecutorId,
            CanRunNow,
            StartRun,
            ReturnSlot,
            metrics,
            clock
        );
        Follower = new ChangeFollower(store, feed, clock);
        Listener = new Listener(
            store,
            new StoreNews(NoticeDue, Follower.Wake),
            options.CheckDbInterval,
            loggers.CreateLogger<Executor>()
        );
        Repairer = new Repairer(
            store,
            Running,
            calls,
            options,
            () => LeaseKeeper.ExecutorId,
            Commits.Observe,
            Crowd,
            metrics,
            clock,
            loggers.CreateLogger<Repairer>()
        );
        Cleaner = new Cleaner(
            store,
            options,
            () => LeaseKeeper.HasLease ? LeaseKeeper.ExecutorId : null,
            random,
            metrics,
            clock,
            loggers.CreateLogger<Cleaner>()
        );
    }

    public LeaseKeeper LeaseKeeper { get; }

    public Dispatcher Dispatcher { get; }

    public PermitGranter Granter { get; }

    public Committer Committer { get; }

    public Listener Listener { get; }

    public ChangeFollower Follower { get; }

    public Repairer Repairer { get; }

    public Cleaner Cleaner { get; }

    /// <summary>Notified of all commits.</summary>
    public CommitObserver Commits { get; }

    public Creator Creator { get; }

    public Admission Admission { get; }

    public RunningWorkflows Running { get; }

    public Crowd Crowd { get; } = new();

    public EndedTally Ended { get; }

    /// <summary>Claims due work immediately.</summary>
    public void PollNow()
    {
        Dispatcher.PollNow();
        Granter.PollNow();
    }

    public void Dispose()
    {
        Admission.Dispose();
        Follower.Dispose();
        Committer.Dispose();
        stepThreads?.Dispose();
    }

    private bool CanRunNow(NewWorkflow create) =>
        options.IsEnabled
        && LeaseKeeper.HasLease
        && create.Limit is null
        && create.NextActivation <= clock.GetUtcNow()
        && options.ExecutorGroups.Contains(create.ExecutorGroup)
        && registry.CanRun(new DefinitionKey(create.WorkflowType, create.Version));

    private void ReturnSlot()
    {
        Running.Return(1);
        SlotIsFree();
    }

    /// <summary>Offers a free slot to due workflows first, then to new ones.</summary>
    private void SlotIsFree()
    {
        Granter.SlotIsFree();
        Dispatcher.SlotIsFree();
        Admission.Admit();
    }

    private void SlotsReturned()
    {
        Granter.SlotIsFree();
        Admission.Admit();
    }

    private void NoticeDue(DueHint hint)
    {
        if (!Granter.Notice(hint))
        {
            Dispatcher.Notice(hint);
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
        var run = Running.Add(workflow);
        if (!LeaseKeeper.Holds(workflow.ExecutorId))
        {
            // The lease was lost while the claim was in flight.
            Running.Cancel(run);
        }

        _ = threads.RunAsync(() => RunAsync(run));
    }

    private async Task RunAsync(WorkflowRun run)
    {
        var hasPermit = run.Workflow.Permit == Permit.Needed;
        await runner.RunAsync(run);
        if (hasPermit)
        {
            Granter.RunHasEnded(run.Workflow.WorkflowType, run.Claim);
        }

        SlotIsFree();
    }
}
