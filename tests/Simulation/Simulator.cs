using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>The result of a run.</summary>
internal sealed record RunReport(
    int Seed,
    ulong Hash,
    int Turns,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Trace
)
{
    /// <summary>The report of a run that broke laws.</summary>
    public override string ToString() =>
        $"Seed {Seed} breaks {Violations.Count} laws. To replay it: dotnet fsi build.fsx simulate --seed {Seed}{Environment.NewLine}"
        + string.Join(Environment.NewLine, Violations.Select(violation => $"  - {violation}"));
}

/// <summary>Runs one seed: a storm of faults, then a quiet period, then the final laws.</summary>
internal sealed class Simulator
{
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RarePoll = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Limits for the steps of the server's clock, in number and milliseconds. In total they are less than the last fifth of the shortest
    /// lease, which executors leave unused.
    /// </summary>
    private const int MostServerSteps = 3;
    private const int LargestServerStep = 120;

    private readonly int seed;
    private readonly SimulatedWorld world;
    private readonly ServerClock server;
    private readonly InMemoryStore rows;
    private readonly FaultRates weather;
    private readonly HintNetwork hints;
    private readonly Workload workload;
    private readonly Callers callers;
    private readonly Operators operators;
    private readonly Senders senders;
    private readonly Clockwork clockwork;
    private readonly JobWatch jobWatch;
    private readonly ScheduleWatch scheduleWatch;
    private readonly IWorkflowStore shared;
    private readonly IJobStore sharedJobs;
    private readonly ScheduleWriting writeSchedule;
    private readonly Func<IWorkflowStore, IWorkflowStore>? ofExecutor;
    private readonly NodeSetting setting;
    private readonly List<Node> nodes = [];
    private int started;
    private int nextLook;
    private DateTimeOffset allArrivedAt;
    private bool quiet;

    private Simulator(int seed, bool keepsText, Mutants mutants)
    {
        this.seed = seed;
        ofExecutor = mutants.Executor is { } mutant ? connection => mutant(connection, rows!) : null;
        world = new SimulatedWorld(seed, keepsText);
        server = new ServerClock(world);
        var sideTable = new SideTable();
        rows = new InMemoryStore(server, sideTable.Begin);
        weather = new FaultRates(world.Chance);
        hints = new HintNetwork(world, weather);
        var course = new EffectWatch(world, rows);
        workload = new Workload(world, new FunctionWatch(world, rows, server, course), course)
        {
            SideTable = sideTable,
        };
        var limits = new LimitWatch(world, rows);
        world.InstantIsOver = () =>
        {
            workload.Functions.Look();
            limits.Look();
        };
        callers = new Callers(world, rows, workload);
        operators = new Operators(world, callers, workload);
        senders = new Senders(world, callers);
        var witness = new Witness(world, rows, course);
        shared = witness.Beside(mutants.Store?.Invoke(rows, world.Chance) ?? rows);
        jobWatch = new JobWatch(world, rows, witness, course);
        sharedJobs = jobWatch.Beside(mutants.Jobs?.Invoke(rows, world.Chance) ?? rows.Jobs);
        scheduleWatch = new ScheduleWatch(world, rows);
        ScheduleWriting write = turn => rows.Schedules.WriteScheduleAsync(turn, CancellationToken.None);
        writeSchedule = scheduleWatch.Beside(mutants.Schedules?.Invoke(rows, world.Chance) ?? write);
        clockwork = new Clockwork(world, rows, scheduleWatch);
        setting = new NodeSetting(
            TimeSpan.FromSeconds(world.Chance.Between(2, 6)),
            ExecutorSize: world.Chance.Between(1, 8),
            BatchSize: world.Chance.Between(1, 8),
            ConcurrentWrites: world.Chance.Between(1, 2),
            JobPageSize: world.Chance.Between(1, 10),
            CheckDbInterval: world.Chance.Hit(0.5) ? TimeSpan.FromSeconds(3) : RarePoll
        );
    }

    public static RunReport Run(int seed, bool keepsText = false, Mutants? mutants = null) =>
        new Simulator(seed, keepsText, mutants ?? new Mutants()).Run();

    private RunReport Run()
    {
        PlanStorm();
        world.RunUntil(static () => false, world.Now + Storm);
        BeginQuiet();
        world.RunUntil(HasFinished, world.Now + LongestQuiet);
        world.RunUntil(static () => false, world.Now + TimeSpan.FromSeconds(1));
        StopAll();
        world.Violations.AddRange(
            new FinalLaws(rows, workload, callers, operators, senders, jobWatch, scheduleWatch).BrokenAsync().Result
        );
        return new RunReport(seed, world.Trace.Hash, world.Turns, world.Violations, world.Trace.Lines);
    }

    private void PlanStorm()
    {
        StartNode();
        StartNode();
        Repeat(world.Chance.Between(0, 2), clockwork.SetUp);
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(operators.StartJob));
        Repeat(world.Chance.Between(0, 2), _ => AnyNode(operators.CancelJob));
        Repeat(world.Chance.Between(5, 12), number => callers.Request(number));
        Repeat(world.Chance.Between(10, 30), _ => AnyNode(callers.Ask));
        Repeat(world.Chance.Between(0, 10), number => AnyNode(node => callers.SetSomething(node, number)));
        Repeat(world.Chance.Between(0, 8), _ => AnyNode(callers.MoveSomething));
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(callers.MoveWaiting));
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(callers.MoveVersions));
        Repeat(world.Chance.Between(0, 25), _ => AnyNode(senders.Send));
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(operators.Cancel));
        Repeat(world.Chance.Between(0, 8), _ => AnyNode(operators.Pause));
        Repeat(world.Chance.Between(0, 6), _ => AnyNode(operators.Resume));
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(operators.Retry));
        Repeat(world.Chance.Between(0, 3), _ => AnyNode(operators.RunAgain));
        Repeat(world.Chance.Between(0, 3), _ => AnyNode(operators.Place));
        Repeat(world.Chance.Between(0, 4), _ => AnyNode(operators.Delete));
        Repeat(world.Chance.Between(2, 8), _ => StartNode());
        Repeat(world.Chance.Between(0, 3), _ => AnyNode(node => node.Kill("killed by an operator")));
        Repeat(world.Chance.Between(0, 3), _ => AnyNode(node => node.Pause("stopped by an operator")));
        Repeat(world.Chance.Between(0, 2), _ => AnyNode(node => node.Stop()));
        Repeat(world.Chance.Between(0, 2), _ => AnyNode(SlowDownAnswers));
        Repeat(world.Chance.Between(0, 3), _ => AnyNode(node => node.Lane.Clock.StepWall(UpTo(30_000))));
        Repeat(world.Chance.Between(0, MostServerSteps), _ => server.Step(UpTo(LargestServerStep)));
    }

    /// <summary>Schedules an action a number of times, at random instants of the storm.</summary>
    private void Repeat(int times, Action<int> happen)
    {
        for (var time = 0; time < times; time++)
        {
            var number = time;
            world.At(world.Now + world.Chance.Milliseconds((int)Storm.TotalMilliseconds * 4 / 5), () => happen(number));
        }
    }

    private void SlowDownAnswers(Node node)
    {
        node.SlowDown();
        world.At(world.Now + world.Chance.Milliseconds((int)Storm.TotalMilliseconds), node.SpeedUp);
    }

    /// <summary>A random span, forward or backward.</summary>
    private TimeSpan UpTo(int milliseconds) =>
        world.Chance.Milliseconds(2 * milliseconds) - TimeSpan.FromMilliseconds(milliseconds);

    private void AnyNode(Action<Node> happen)
    {
        var serving = nodes.FindAll(node => node.Serves);
        if (serving.Count > 0)
        {
            happen(world.Chance.One(serving));
        }
    }

    private void StartNode()
    {
        nodes.RemoveAll(node => node.Lane.Ended);
        if (nodes.Count < 3)
        {
            var node = new Node(
                world,
                ++started,
                setting,
                shared,
                rows.Another().Changes,
                sharedJobs,
                rows.Schedules,
                writeSchedule,
                workload,
                weather,
                hints,
                ofExecutor
            )
            {
                HasStopped = MustHaveReleasedAll,
            };
            nodes.Add(node);
            node.Start();
        }
    }

    /// <summary>A process that stops gracefully leaves no claim behind.</summary>
    private void MustHaveReleasedAll(Node node, long executorId)
    {
        foreach (var workflow in callers.All().Where(workflow => workflow.ExecutorId == executorId))
        {
            world.Violated(
                $"{node.Lane.Name} has stopped gracefully and left its claim of workflow {workflow.Id} behind"
            );
        }
    }

    /// <summary>
    /// The faults end, but claims may still fail sometimes. One new process serves to the end. Other live processes also stay, unless
    /// processes poll rarely: work that one process leaves due would be found by the others only by polling.
    /// </summary>
    private void BeginQuiet()
    {
        world.Trace.Add(world.Now, "world", "the faults cease");
        weather.ClearUp(failClaim: world.Chance.Hit(0.5) ? 0.3 : 0);
        allArrivedAt = world.Now + NodeStore.LongestDelay(setting);
        workload.CalmDown();
        nodes.RemoveAll(node => node.Lane.Ended);
        nodes.ForEach(node => node.Resume());
        nodes.ForEach(node => node.SpeedUp());
        while (nodes.Count > (setting.CheckDbInterval == RarePoll ? 0 : 2))
        {
            nodes[0].Kill("one too many");
            nodes.RemoveAt(0);
        }

        StartNode();
        quiet = true;
        CleanUp();
    }

    /// <summary>
    /// Callers repeat unacknowledged requests, people move the workflows that wait for them, paused workflows are resumed, and missing
    /// signals are sent. Workflows with a deadline are left to it.
    /// </summary>
    private void CleanUp()
    {
        if (quiet)
        {
            AnyNode(callers.AskForRest);
            AnyNode(operators.ResumeAll);
            AnyNode(operators.PlaceBack);
            AnyNode(senders.SendMissing);
            AnyNode(callers.MoveWaiting);
            if (world.Now > allArrivedAt && !clockwork.IsIdle)
            {
                AnyNode(clockwork.Pause);
            }

            world.At(world.Now + TimeSpan.FromSeconds(2), CleanUp);
        }
    }

    private bool HasFinished()
    {
        if (world.Turns < nextLook)
        {
            return false;
        }

        nextLook = world.Turns + 50;
        return world.Now > allArrivedAt
            && callers.AllCreated
            && clockwork.IsIdle
            && rows.Jobs.JobsAsync(new JobSearch(int.MaxValue), CancellationToken.None)
                .Result.All(job => job.Ended is not null)
            && rows.CountsAsync(CancellationToken.None).Result.All(count => count.Status.IsFinal());
    }

    /// <summary>Stops every process, which must succeed.</summary>
    private void StopAll()
    {
        quiet = false;
        var serving = nodes.FindAll(node => node.Serves);
        serving.ForEach(node => node.Stop());
        world.RunUntil(() => serving.TrueForAll(node => node.Lane.Ended), world.Now + StopTimeout);
        foreach (var node in serving.Where(node => !node.Stopped))
        {
            world.Violated($"{node.Lane.Name} was told to stop but has not");
        }
    }
}
