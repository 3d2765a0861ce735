using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>What a run came to.</summary>
internal sealed record RunReport(
    int Seed,
    ulong Hash,
    int Turns,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Trace
)
{
    /// <summary>What to tell of a run that broke a law.</summary>
    public override string ToString() =>
        $"Seed {Seed} breaks {Violations.Count} laws. To replay it: dotnet fsi build.fsx simulate --seed {Seed}{Environment.NewLine}"
        + string.Join(Environment.NewLine, Violations.Select(violation => $"  - {violation}"));
}

/// <summary>Runs one seed: a stormy time, then a quiet one, then the laws.</summary>
internal sealed class Simulator
{
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Seldom = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OrderlyStop = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Steps of the server's clock. All of them together are less than the last fifth of the shortest lease, which is what executors
    /// leave unused.
    /// </summary>
    private const int MostServerSteps = 3;
    private const int LargestServerStep = 120;

    private readonly int seed;
    private readonly SimulatedWorld world;
    private readonly ServerClock server;
    private readonly InMemoryStore rows;
    private readonly Weather weather;
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
    private DateTimeOffset allHasArrived;
    private bool quiet;

    private Simulator(int seed, bool keepsText, Mutants mutants)
    {
        this.seed = seed;
        ofExecutor = mutants.Executor is { } mutant ? connection => mutant(connection, rows!) : null;
        world = new SimulatedWorld(seed, keepsText);
        server = new ServerClock(world);
        var sideTable = new SideTable();
        rows = new InMemoryStore(server, sideTable.Begin);
        weather = new Weather(world.Chance);
        hints = new HintNetwork(world, weather);
        var course = new CourseWatch(world, rows);
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
            CheckDbInterval: world.Chance.Hit(0.5) ? TimeSpan.FromSeconds(3) : Seldom
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
        Often(world.Chance.Between(0, 2), clockwork.SetUp);
        Often(world.Chance.Between(0, 4), _ => AnyNode(operators.StartJob));
        Often(world.Chance.Between(0, 2), _ => AnyNode(operators.CancelJob));
        Often(world.Chance.Between(5, 12), number => callers.Request(number));
        Often(world.Chance.Between(10, 30), _ => AnyNode(callers.Ask));
        Often(world.Chance.Between(0, 10), number => AnyNode(node => callers.SetSomething(node, number)));
        Often(world.Chance.Between(0, 8), _ => AnyNode(callers.MoveSomething));
        Often(world.Chance.Between(0, 4), _ => AnyNode(callers.MoveWaiting));
        Often(world.Chance.Between(0, 4), _ => AnyNode(callers.MoveVersions));
        Often(world.Chance.Between(0, 25), _ => AnyNode(senders.Send));
        Often(world.Chance.Between(0, 4), _ => AnyNode(operators.Cancel));
        Often(world.Chance.Between(0, 8), _ => AnyNode(operators.Pause));
        Often(world.Chance.Between(0, 6), _ => AnyNode(operators.Resume));
        Often(world.Chance.Between(0, 4), _ => AnyNode(operators.Retry));
        Often(world.Chance.Between(0, 3), _ => AnyNode(operators.RunAgain));
        Often(world.Chance.Between(0, 3), _ => AnyNode(operators.Place));
        Often(world.Chance.Between(0, 4), _ => AnyNode(operators.Delete));
        Often(world.Chance.Between(2, 8), _ => StartNode());
        Often(world.Chance.Between(0, 3), _ => AnyNode(node => node.Kill("killed by somebody")));
        Often(world.Chance.Between(0, 3), _ => AnyNode(node => node.Pause("stopped by somebody")));
        Often(world.Chance.Between(0, 2), _ => AnyNode(node => node.Stop()));
        Often(world.Chance.Between(0, 2), _ => AnyNode(GetsSlowAnswers));
        Often(world.Chance.Between(0, 3), _ => AnyNode(node => node.Lane.Clock.StepWall(UpTo(30_000))));
        Often(world.Chance.Between(0, MostServerSteps), _ => server.Step(UpTo(LargestServerStep)));
    }

    /// <summary>Has something happen a number of times at instants of the storm.</summary>
    private void Often(int times, Action<int> happen)
    {
        for (var time = 0; time < times; time++)
        {
            var number = time;
            world.At(world.Now + world.Chance.Milliseconds((int)Storm.TotalMilliseconds * 4 / 5), () => happen(number));
        }
    }

    private void GetsSlowAnswers(Node node)
    {
        node.SlowDown();
        world.At(world.Now + world.Chance.Milliseconds((int)Storm.TotalMilliseconds), node.SpeedUp);
    }

    /// <summary>So much forward or backward.</summary>
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
                HasStopped = MustHaveLeftNothing,
            };
            nodes.Add(node);
            node.Start();
        }
    }

    /// <summary>Who stops in order leaves no claim behind.</summary>
    private void MustHaveLeftNothing(Node node, long executorId)
    {
        foreach (var workflow in callers.All().Where(workflow => workflow.ExecutorId == executorId))
        {
            world.Violated(
                $"{node.Lane.Name} has stopped in order and left its claim of workflow {workflow.Id} behind"
            );
        }
    }

    /// <summary>
    /// The faults end, though claims may still fail now and then. One new process serves to the end. The other processes that live stay,
    /// too, unless processes poll seldom: what one leaves due the other would have to find by polling.
    /// </summary>
    private void BeginQuiet()
    {
        world.Trace.Add(world.Now, "world", "the faults cease");
        weather.ClearUp(failClaim: world.Chance.Hit(0.5) ? 0.3 : 0);
        allHasArrived = world.Now + NodeStore.LongestDelay(setting);
        workload.CalmDown();
        nodes.RemoveAll(node => node.Lane.Ended);
        nodes.ForEach(node => node.Resume());
        nodes.ForEach(node => node.SpeedUp());
        while (nodes.Count > (setting.CheckDbInterval == Seldom ? 0 : 2))
        {
            nodes[0].Kill("one too many");
            nodes.RemoveAt(0);
        }

        StartNode();
        quiet = true;
        Tidy();
    }

    /// <summary>
    /// Callers ask again for what nobody has acknowledged, people move on what waits for them, and nothing stays paused, or without its
    /// signal. What has a deadline is left to that.
    /// </summary>
    private void Tidy()
    {
        if (quiet)
        {
            AnyNode(callers.AskForRest);
            AnyNode(operators.ResumeAll);
            AnyNode(operators.PlaceBack);
            AnyNode(senders.SendMissing);
            AnyNode(callers.MoveWaiting);
            if (world.Now > allHasArrived && !clockwork.Rests)
            {
                AnyNode(clockwork.Pause);
            }

            world.At(world.Now + TimeSpan.FromSeconds(2), Tidy);
        }
    }

    private bool HasFinished()
    {
        if (world.Turns < nextLook)
        {
            return false;
        }

        nextLook = world.Turns + 50;
        return world.Now > allHasArrived
            && callers.AllCreated
            && clockwork.Rests
            && rows.Jobs.JobsAsync(new JobSearch(int.MaxValue), CancellationToken.None)
                .Result.All(job => job.Ended is not null)
            && rows.CountsAsync(CancellationToken.None).Result.All(count => count.Status.IsFinal());
    }

    /// <summary>Every process is told to stop, and does.</summary>
    private void StopAll()
    {
        quiet = false;
        var serving = nodes.FindAll(node => node.Serves);
        serving.ForEach(node => node.Stop());
        world.RunUntil(() => serving.TrueForAll(node => node.Lane.Ended), world.Now + OrderlyStop);
        foreach (var node in serving.Where(node => !node.Stopped))
        {
            world.Violated($"{node.Lane.Name} was told to stop and has not");
        }
    }
}
