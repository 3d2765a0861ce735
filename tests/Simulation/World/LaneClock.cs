namespace GopherFlow.Simulation;

/// <summary>
/// The clocks of one process: a wall clock that is wrong and can be set, which the engine must never read, and a monotonic clock with
/// its own origin.
/// </summary>
internal sealed class LaneClock(SimulatedWorld world, Lane lane) : TimeProvider
{
    private readonly long origin = world.Chance.Below(int.MaxValue);
    private TimeSpan wallOffset = world.Chance.Milliseconds(60_000) - TimeSpan.FromSeconds(30);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        world.Violated($"{lane.Name} reads the wall clock of its process");
        return world.Now + wallOffset;
    }

    public override long GetTimestamp()
    {
        world.MustBeAtHome("the clock is read");
        return origin + (world.Now - SimulatedWorld.Beginning).Ticks;
    }

    /// <summary>Sets the wall clock forward or backward.</summary>
    public void StepWall(TimeSpan by) => wallOffset += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LaneTimer(world, lane, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LaneTimer(SimulatedWorld world, Lane lane, Action callback) : ITimer
    {
        private int setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            world.MustBeAtHome("a timer is set");
            var mine = ++setting;
            if (dueTime >= TimeSpan.Zero)
            {
                world.At(world.Now + dueTime, () => Fire(mine, period));
            }

            return true;
        }

        public void Dispose() => setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int mine, TimeSpan period)
        {
            if (mine != setting || lane.Ended)
            {
                return;
            }

            lane.Post(() =>
            {
                if (mine == setting)
                {
                    callback();
                }
            });
            if (period > TimeSpan.Zero)
            {
                world.At(world.Now + period, () => Fire(mine, period));
            }
        }
    }
}
