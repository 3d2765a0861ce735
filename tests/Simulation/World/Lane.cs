namespace GopherFlow.Simulation;

/// <summary>
/// The queue of continuations of one simulated process. The world picks the next one; none runs inline. A lane that has ended drops
/// everything: the process was killed.
/// </summary>
internal sealed class Lane : TaskScheduler
{
    private readonly SimulatedWorld world;
    private readonly List<Task> ready = [];

    public Lane(SimulatedWorld world, string name)
    {
        this.world = world;
        Name = name;
        Clock = new LaneClock(world, this);
    }

    public string Name { get; }

    /// <summary>The clock of the process: its timers queue their callbacks here.</summary>
    public LaneClock Clock { get; }

    /// <summary>Called before each continuation: true if a fault happens instead of it.</summary>
    public Func<bool> Strike { get; set; } = static () => false;

    public bool Ended { get; private set; }

    /// <summary>Until then nothing of the lane runs, as after SIGSTOP.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    public bool StandsStill => PausedUntil > world.Now;

    /// <summary>Whether the lane resumes at this instant, so that missed callbacks may not have run yet.</summary>
    public bool HasJustResumed => PausedUntil == world.Now;

    public int Ready => Ended || StandsStill ? 0 : ready.Count;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs a function as a process would run its Main.</summary>
    public Task Start(Func<Task> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Queues a callback.</summary>
    public void Post(Action callback) =>
        _ = Task.Factory.StartNew(callback, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    public void End()
    {
        Ended = true;
        ready.Clear();
    }

    public void PauseUntil(DateTimeOffset instant)
    {
        PausedUntil = instant;
        world.TurnAt(instant);
    }

    public void RunOne(int index)
    {
        if (Strike())
        {
            return;
        }

        var task = ready[index];
        ready[index] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task)
    {
        world.MustBeAtHome("a continuation is queued");
        if (!Ended)
        {
            ready.Add(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. ready];
}
