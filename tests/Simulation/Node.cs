using GopherFlow.Execution;
using GopherFlow.Operations;
using GopherFlow.Operations.Jobs;
using GopherFlow.Operations.Schedules;
using GopherFlow.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Simulation;

/// <summary>The settings of one process.</summary>
internal sealed record NodeSetting(
    TimeSpan Lease,
    int ExecutorSize,
    int BatchSize,
    int ConcurrentWrites,
    int JobPageSize,
    TimeSpan CheckDbInterval
);

/// <summary>One simulated process: an executor on its own lane.</summary>
internal sealed class Node
{
    private static readonly IServiceScopeFactory Scopes = new ServiceCollection()
        .BuildServiceProvider()
        .GetRequiredService<IServiceScopeFactory>();

    private readonly SimulatedWorld world;
    private readonly FaultRates weather;
    private readonly HintNetwork hints;
    private readonly Executor executor;
    private readonly Interventions interventions;
    private readonly VersionOperations versions;
    private readonly SignalOperations signals;
    private readonly JobOperations jobs;
    private readonly ScheduleOperations schedules;

    public Node(
        SimulatedWorld world,
        int number,
        NodeSetting setting,
        IWorkflowStore shared,
        IChangeLog log,
        IJobStore sharedJobs,
        IScheduleStore sharedSchedules,
        ScheduleWriting writeSchedule,
        Workload workload,
        FaultRates weather,
        HintNetwork hints,
        Func<IWorkflowStore, IWorkflowStore>? mutation = null
    )
    {
        this.world = world;
        this.weather = weather;
        this.hints = hints;
        Setting = setting;
        Lane = world.NewLane($"node {number}");
        Lane.Strike = FailsAtRandom;
        var registry = workload.Registry;
        var connection = new NodeStore(world, this, shared, log, weather, hints, workload);
        var store = mutation?.Invoke(connection) ?? connection;
        var catalogue = new DefinitionCatalogue(registry, store, Lane.Clock);
        var feed = new ChangeFeed();
        executor = new Executor(
            store,
            registry,
            catalogue,
            feed,
            new EngineOptions
            {
                ExecutorName = Lane.Name,
                ExecutorSize = setting.ExecutorSize,
                BatchSize = setting.BatchSize,
                Lease = setting.Lease,
                CheckDbInterval = setting.CheckDbInterval,
                GracePeriod = TimeSpan.FromSeconds(1),
                OnCommitTimeout = TimeSpan.FromSeconds(1),
            },
            Scopes,
            Lane.Clock,
            world.Trace.KeepsText ? new TraceLogger(world, Lane) : NullLoggerFactory.Instance,
            world.Chance.Fraction,
            steps: Lane
        );
        Operations = new WorkflowOperations(store, executor, catalogue, feed, executor.Clock);
        interventions = new Interventions(store, executor, catalogue, executor.Clock);
        versions = new VersionOperations(store, executor, registry, catalogue, executor.Clock);
        signals = new SignalOperations(store, executor, Operations, executor.Clock, new EngineOptions().SignalsLimit);
        var logs = world.Trace.KeepsText ? (ILoggerFactory)new TraceLogger(world, Lane) : NullLoggerFactory.Instance;
        var nodeJobs = new NodeJobs(connection, sharedJobs);
        var steps = new JobSteps(catalogue, executor.VariablesLimit, new EngineOptions().SignalsLimit);
        var jobRunner = new JobRunner(
            nodeJobs,
            store,
            executor,
            steps,
            logs.CreateLogger<JobRunner>(),
            setting.JobPageSize
        );
        jobs = new JobOperations(nodeJobs, store, executor, jobRunner, registry, catalogue);
        var nodeSchedules = new NodeSchedules(connection, sharedSchedules, writeSchedule);
        var (runs, faults) = (new ScheduleRuns(catalogue), new ScheduleFaults(catalogue, executor.VariablesLimit));
        var declared = new DeclaredSchedules([]);
        var scheduleRunner = new ScheduleRunner(
            nodeSchedules,
            store,
            executor,
            runs,
            new ScheduleDeclaring(declared, nodeSchedules, faults, logs.CreateLogger<ScheduleDeclaring>()),
            logs.CreateLogger<ScheduleRunner>()
        );
        schedules = new ScheduleOperations(nodeSchedules, store, executor, scheduleRunner, runs, faults, declared);
        executor.Add("JobRunner", jobRunner.RunAsync);
        executor.Add("ScheduleRunner", scheduleRunner.RunAsync);
    }

    public NodeSetting Setting { get; }

    public Lane Lane { get; }

    public WorkflowOperations Operations { get; }

    public bool Serves { get; private set; }

    public bool Stopped { get; private set; }

    /// <summary>Whether answers to claims, writes and heartbeats are several seconds late.</summary>
    public bool AnswersAreSlow { get; private set; }

    /// <summary>Called with the executor's id when it has stopped gracefully.</summary>
    public required Action<Node, long> HasStopped { get; init; }

    public void Start() =>
        _ = Lane.Start(async () =>
        {
            try
            {
                await executor.StartAsync(CancellationToken.None);
                Serves = true;
            }
            catch (ConnectionLostException)
            {
                Kill("its start fails");
            }
        });

    /// <summary>SIGTERM: the executor stops gracefully, then the process ends, even if the stop failed.</summary>
    public void Stop()
    {
        Serves = false;
        _ = Lane.Start(async () =>
        {
            Tell("stops gracefully");
            Stopped = await executor.StopAsync(CancellationToken.None);
            if (Stopped)
            {
                HasStopped(this, executor.Id);
            }
            else
            {
                Tell("cannot release its claims");
            }

            Kill("its end");
        });
    }

    /// <summary>Handles a request of a caller, who gets no answer if the process dies meanwhile.</summary>
    public void Serve(Func<WorkflowOperations, Task> request) => Answer(() => request(Operations));

    /// <summary>Handles a request of an operator.</summary>
    public void Intervene(Func<Interventions, Task> request) => Answer(() => request(interventions));

    /// <summary>Handles a request to move versions.</summary>
    public void MoveVersions(Func<VersionOperations, Task> request) => Answer(() => request(versions));

    /// <summary>Handles a request to send signals.</summary>
    public void Signal(Func<SignalOperations, Task> request) => Answer(() => request(signals));

    /// <summary>Handles a request for jobs.</summary>
    public void Job(Func<JobOperations, Task> request) => Answer(() => request(jobs));

    /// <summary>Handles a request for schedules.</summary>
    public void Schedule(Func<ScheduleOperations, Task> request) => Answer(() => request(schedules));

    private void Answer(Func<Task> request) =>
        _ = Lane.Start(async () =>
        {
            try
            {
                await request();
            }
            catch (Exception refusal)
                when (refusal
                        is ConnectionLostException
                            or InvalidOperationException
                            or OperationCanceledException
                            or RejectedRequestException
                )
            {
                Tell($"returns an error: {refusal.Message}");
            }
        });

    public void Kill(string where)
    {
        Tell($"ends: {where}");
        Serves = false;
        Lane.End();
        hints.Forget(this);
        world.Forget(Lane);
    }

    public void Pause(string where)
    {
        var pause = world.Chance.Milliseconds((int)(Setting.Lease.TotalMilliseconds * 3));
        Tell($"is stalled for {pause.TotalMilliseconds:0} ms: {where}");
        Lane.PauseUntil(world.Now + pause);
    }

    public void Resume() => Lane.PauseUntil(world.Now);

    /// <summary>Makes its answers late from now on.</summary>
    public void SlowDown()
    {
        Tell("gets late answers");
        AnswersAreSlow = true;
    }

    /// <summary>Ends the delay of its answers.</summary>
    public void SpeedUp() => AnswersAreSlow = false;

    public void Tell(string what) => world.Trace.Add(world.Now, Lane.Name, what);

    private bool FailsAtRandom()
    {
        if (world.Chance.Hit(weather.Kill / 10))
        {
            Kill("at some await");
            return true;
        }

        if (world.Chance.Hit(weather.Pause / 10))
        {
            Pause("at some await");
            return true;
        }

        return false;
    }

    /// <summary>Adds the log of the engine to the trace.</summary>
    private sealed class TraceLogger(SimulatedWorld world, Lane lane) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => world.Trace.Note(world.Now, lane.Name, $"  log: {formatter(state, exception)} {exception?.Message}");

        public void Dispose() { }
    }
}
