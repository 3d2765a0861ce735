namespace GopherFlow.Simulation;

/// <summary>The world's clock as one process sees it.</summary>
internal sealed class LaneClock(SimulatedWorld world, Lane lane) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        world.MustBeAtHome("the clock is read");
        return world.Now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

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
