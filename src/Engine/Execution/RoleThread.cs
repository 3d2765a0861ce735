namespace GopherFlow.Execution;

/// <summary>
/// A dedicated thread for one role. Continuations and the timers of <see cref="Timers"/> run on it, however busy the thread pool is.
/// </summary>
internal sealed class RoleThread : SynchronizationContext, IDisposable
{
    private readonly object gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly PriorityQueue<(RoleTimer Timer, int Setting), long> timers = new();
    private bool disposed;
    private bool ended;

    public RoleThread(string name)
    {
        Timers = new RoleTimers(this);
        new Thread(Pump) { IsBackground = true, Name = $"GopherFlow {name}" }.UnsafeStart();
    }

    /// <summary>Creates timers that fire on this thread. It cannot be used as a clock.</summary>
    public TimeProvider Timers { get; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (gate)
        {
            if (!ended)
            {
                posted.Enqueue((d, state));
                Monitor.Pulse(gate);
                return;
            }
        }

        // The thread has ended, but continuations must still run.
        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Lets the thread end after all posted work has run. Work that is posted later runs on the thread pool.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Monitor.Pulse(gate);
        }
    }

    private void Pump()
    {
        SetSynchronizationContext(this);
        while (Next() is { } next)
        {
            next.Callback(next.State);
        }
    }

    private (SendOrPostCallback Callback, object? State)? Next()
    {
        lock (gate)
        {
            while (true)
            {
                if (NextTimer(out var wait) is { } timer)
                {
                    return (static fired => ((RoleTimer)fired!).Fire(), timer);
                }

                if (posted.TryDequeue(out var work))
                {
                    return work;
                }

                if (disposed)
                {
                    ended = true;
                    return null;
                }

                Monitor.Wait(gate, wait);
            }
        }
    }

    /// <returns>A timer that is due, or null and how long to wait for the next one.</returns>
    private RoleTimer? NextTimer(out TimeSpan wait)
    {
        wait = Timeout.InfiniteTimeSpan;
        while (timers.TryPeek(out var next, out var due))
        {
            var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due);
            if (next.Setting == next.Timer.Setting && left > TimeSpan.Zero)
            {
                // Round up, because Monitor.Wait uses whole milliseconds.
                wait = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
                return null;
            }

            timers.Dequeue();
            if (next.Setting == next.Timer.Setting)
            {
                return next.Timer;
            }
        }

        return null;
    }

    private void Set(RoleTimer timer, TimeSpan dueTime)
    {
        lock (gate)
        {
            timer.Setting++;
            if (dueTime >= TimeSpan.Zero)
            {
                var due =
                    TimeProvider.System.GetTimestamp()
                    + (long)(dueTime.TotalSeconds * TimeProvider.System.TimestampFrequency);
                timers.Enqueue((timer, timer.Setting), due);
                Monitor.Pulse(gate);
            }
        }
    }

    private sealed class RoleTimers(RoleThread thread) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new NotSupportedException("It only creates timers.");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new RoleTimer(thread, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class RoleTimer(RoleThread thread, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        /// <summary>Incremented by each change, which invalidates earlier queue entries of this timer.</summary>
        public int Setting { get; set; }

        public void Fire()
        {
            if (period > TimeSpan.Zero)
            {
                thread.Set(this, period);
            }

            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            thread.Set(this, dueTime);
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
