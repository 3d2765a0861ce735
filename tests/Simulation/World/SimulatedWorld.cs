using System.Globalization;

namespace GopherFlow.Simulation;

/// <summary>
/// One thread, one clock, several lanes. The next continuation is picked at random among all that are ready; when none is, the clock
/// advances to the next timer.
/// </summary>
internal sealed class SimulatedWorld(int seed, bool keepsText)
{
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int home = Environment.CurrentManagedThreadId;
    private readonly List<Lane> lanes = [];
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> timers = new();
    private readonly Lock gate = new();
    private long order;

    public Chance Chance { get; } = new(seed);

    public Trace Trace { get; } = new(keepsText);

    public DateTimeOffset Now { get; private set; } = Beginning;

    /// <summary>The number of continuations that have run.</summary>
    public int Turns { get; private set; }

    /// <summary>The lane whose continuation runs now.</summary>
    public Lane? Running { get; private set; }

    /// <summary>Called before the clock advances, when nothing more can happen at this instant.</summary>
    public Action? InstantIsOver { get; set; }

    /// <summary>The violations found while running.</summary>
    public List<string> Violations { get; } = [];

    public Lane NewLane(string name)
    {
        var lane = new Lane(this, name);
        lanes.Add(lane);
        return lane;
    }

    public void Forget(Lane lane) => lanes.Remove(lane);

    /// <summary>Schedules a callback at an instant, outside of any lane.</summary>
    public void At(DateTimeOffset instant, Action callback)
    {
        lock (gate)
        {
            timers.Enqueue(callback, (instant, order++));
        }
    }

    /// <summary>Makes the clock stop at an instant, because a lane may be ready then.</summary>
    public void TurnAt(DateTimeOffset instant) => At(instant, static () => { });

    public void Violated(string law)
    {
        Trace.Note(Now, "LAW", law);
        Violations.Add(law);
    }

    /// <summary>Runs until a condition holds, the limit is reached, or nothing can happen any more.</summary>
    public void RunUntil(Func<bool> done, DateTimeOffset limit)
    {
        var ambient = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!done() && (RunOne() || TurnClock(limit))) { }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(ambient);
        }
    }

    /// <summary>The engine must stay on the thread of the simulator, so a continuation on another thread is a violation.</summary>
    public void MustBeAtHome(string what)
    {
        if (Environment.CurrentManagedThreadId == home)
        {
            return;
        }

        lock (gate)
        {
            Violations.Add($"left the simulator's thread: {what}, from {Environment.StackTrace}");
        }
    }

    private bool RunOne()
    {
        var ready = 0;
        foreach (var lane in lanes)
        {
            ready += lane.Ready;
        }

        if (ready == 0)
        {
            return false;
        }

        var pick = Chance.Below(ready);
        Turns++;
        Trace.Mix(pick);
        for (var index = 0; ; index++)
        {
            var lane = lanes[index];
            if (pick < lane.Ready)
            {
                Running = lane;
                lane.RunOne(pick);
                Running = null;
                return true;
            }

            pick -= lane.Ready;
        }
    }

    private bool TurnClock(DateTimeOffset limit)
    {
        var isLast = !timers.TryPeek(out _, out var next) || next.Due > limit;
        if (isLast || next.Due > Now)
        {
            InstantIsOver?.Invoke();
        }

        if (isLast)
        {
            Now = limit;
            return false;
        }

        timers.TryDequeue(out var callback, out _);
        Now = next.Due > Now ? next.Due : Now;
        callback!();
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {seed} at {Now:O}");
}
