namespace GopherFlow.TestSupport;

/// <summary>A clock that only advances when a test advances it. Its timers fire in order when the clock passes them.</summary>
public sealed class VirtualClock : TimeProvider
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<VirtualTimer> timers = [];
    private DateTimeOffset now;
    private long created;

    /// <summary>A clock that starts at an instant.</summary>
    public VirtualClock(DateTimeOffset now) => this.now = now;

    /// <summary>A clock that starts at the beginning of 2026 (UTC).</summary>
    public VirtualClock()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    /// <summary>The number of active timers, each of which belongs to a component that waits for the clock to advance.</summary>
    public int Timers
    {
        get
        {
            lock (gate)
            {
                return timers.Count(timer => timer.Due is not null);
            }
        }
    }

    /// <summary>The number of timers ever created.</summary>
    public long Created => Interlocked.Read(ref created);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref created);
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock. Every timer that it passes fires at its own instant.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (NextDueBefore(until) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Waits until a timer is due exactly that span from now, then advances the clock by it.</summary>
    public async Task AdvanceWhenAwaitedAsync(TimeSpan wait)
    {
        await AwaitedAsync(wait);
        Advance(wait);
    }

    /// <summary>Waits until a timer is due exactly that span from now.</summary>
    public async Task AwaitedAsync(TimeSpan wait)
    {
        var began = System.GetTimestamp();
        while (!IsAwaited(wait))
        {
            if (System.GetElapsedTime(began) > WaitTimeout)
            {
                throw new TimeoutException($"After {WaitTimeout} no timer is due in {wait}.");
            }

            await Task.Yield();
        }
    }

    /// <summary>Waits until there is an active timer that was set for exactly that span, at any time.</summary>
    public async Task BegunAsync(TimeSpan wait)
    {
        var began = System.GetTimestamp();
        while (!HasBegun(wait))
        {
            if (System.GetElapsedTime(began) > WaitTimeout)
            {
                throw new TimeoutException($"After {WaitTimeout} no timer was set for {wait}.");
            }

            await Task.Yield();
        }
    }

    /// <summary>Whether there is an active timer that was set for exactly that span, at any time.</summary>
    public bool HasBegun(TimeSpan wait)
    {
        lock (gate)
        {
            return timers.Exists(timer => timer.Due is not null && timer.Wait == wait);
        }
    }

    /// <summary>Whether a timer is due exactly that span from now.</summary>
    public bool IsAwaited(TimeSpan wait)
    {
        lock (gate)
        {
            return timers.Exists(timer => timer.Due == now + wait);
        }
    }

    /// <summary>
    /// The next timer due until the target; null when none is left and the clock has reached it. This is one read under one lock, so that
    /// a timer started meanwhile either fires or counts from the new instant. Another thread may advance the clock further; it never goes
    /// back.
    /// </summary>
    private VirtualTimer? NextDueBefore(DateTimeOffset until)
    {
        lock (gate)
        {
            var timer = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (timer is null)
            {
                now = until > now ? until : now;
                return null;
            }

            now = timer.Due > now ? timer.Due!.Value : now;
            timer.Due = timer.Period > TimeSpan.Zero ? timer.Due + timer.Period : null;
            return timer;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public TimeSpan Wait { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                (Wait, Period) = (dueTime, period);
                Due = dueTime < TimeSpan.Zero ? null : clock.now + dueTime;
                clock.timers.Add(this);
            }

            if (dueTime == TimeSpan.Zero)
            {
                clock.Advance(TimeSpan.Zero);
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
