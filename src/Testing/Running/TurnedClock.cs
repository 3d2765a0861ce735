namespace GopherFlow.Testing.Running;

/// <summary>A virtual clock that stands still until it is advanced. Its timers fire in order as it passes them.</summary>
internal sealed class TurnedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly SortedSet<TurnedTimer> timers = new(
        Comparer<TurnedTimer>.Create(static (one, other) => one.Place.CompareTo(other.Place))
    );
    private DateTimeOffset now = start.ToUniversalTime();
    private long order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer fires; null when none is set.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (gate)
            {
                return timers.Min?.Place.Due;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TurnedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock. It never goes back.</summary>
    public void TurnTo(DateTimeOffset instant)
    {
        while (TakeDue(instant) is { } timer)
        {
            timer.Fire();
        }
    }

    private TurnedTimer? TakeDue(DateTimeOffset until)
    {
        lock (gate)
        {
            if (timers.Min is { } timer && timer.Place.Due <= until)
            {
                timers.Remove(timer);
                now = timer.Place.Due > now ? timer.Place.Due : now;
                if (timer.Period > TimeSpan.Zero)
                {
                    Add(timer, timer.Period);
                }

                return timer;
            }

            now = until > now ? until : now;
            return null;
        }
    }

    private void Add(TurnedTimer timer, TimeSpan wait)
    {
        timer.Place = (wait > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + wait, order++);
        timers.Add(timer);
    }

    private sealed class TurnedTimer(TurnedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public (DateTimeOffset Due, long Order) Place { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime > TimeSpan.Zero)
                {
                    clock.Add(this, dueTime);
                }
            }

            if (dueTime == TimeSpan.Zero)
            {
                Fire();
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
