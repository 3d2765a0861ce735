namespace GopherFlow.Execution;

/// <summary>
/// Threads of their own for the author's code: state functions, OnCommit callbacks and cancellation callbacks. A blocked one
/// takes no thread from others: when work has waited for a while and nothing was taken up, a thread is added. Idle ones end after a while.
/// </summary>
/// <param name="limit">The most threads.</param>
internal sealed class StepThreads(int limit) : TaskScheduler, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(20);

    /// <summary>The watch ends after this many looks at an empty queue, which is a second.</summary>
    private const int QuietLooks = 100;

    private readonly int kept = Math.Min(limit, Environment.ProcessorCount);
    private readonly Lock gate = new();
    private readonly Queue<Task> queue = new();
    private readonly List<Worker> idle = [];
    private readonly ThreadLocal<Worker?> current = new();
    private int threads;
    private int started;
    private long taken;
    private bool waking;
    private bool watching;
    private bool disposed;

    /// <summary>How many threads there are.</summary>
    public int Threads
    {
        get
        {
            lock (gate)
            {
                return threads;
            }
        }
    }

    /// <summary>
    /// Starts a task. Called from a task of these threads that is about to end or to wait, it runs next on the same thread, which
    /// spares the way through the queue.
    /// </summary>
    public void StartNext(Task task)
    {
        if (current.Value is { Next: null } worker)
        {
            worker.TakesNext = true;
        }

        task.Start(this);
    }

    /// <summary>Lets the threads end when what is queued has run.</summary>
    public void Dispose()
    {
        Worker[] waiting;
        lock (gate)
        {
            disposed = true;
            waiting = [.. idle];
            idle.Clear();
        }

        Array.ForEach(waiting, static worker => worker.Wake.Set());
    }

    protected override void QueueTask(Task task)
    {
        if (current.Value is { TakesNext: true } mine)
        {
            mine.TakesNext = false;
            mine.Next = task;
            return;
        }

        lock (gate)
        {
            queue.Enqueue(task);
            WakeWorker();
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && current.Value is not null && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. queue];
        }
    }

    /// <summary>
    /// One is woken at a time; it wakes the next if there is still something to do when it has begun. More at once would mostly find
    /// an empty queue. The caller holds the lock: a wake-up that came after it could reach a worker that has done the work meanwhile and rests
    /// again, and it would be listed as idle twice.
    /// </summary>
    private void WakeWorker()
    {
        if (waking || queue.Count == 0)
        {
            return;
        }

        if (idle.Count > 0)
        {
            var worker = idle[^1];
            idle.RemoveAt(idle.Count - 1);
            worker.IsWoken = waking = true;
            worker.Wake.Set();
        }
        else if (threads < kept)
        {
            StartThread();
        }
        else
        {
            Watch();
        }
    }

    private void StartThread()
    {
        threads++;
        waking = true;
        var worker = new Worker { IsWoken = true };
        new Thread(Work) { IsBackground = true, Name = $"GopherFlow step {++started}" }.UnsafeStart(worker);
    }

    private void Work(object? state)
    {
        var worker = (Worker)state!;
        current.Value = worker;
        while ((worker.Next ?? Take(worker)) is { } task)
        {
            worker.Next = null;
            TryExecuteTask(task);
        }
    }

    /// <returns>The next task, or null when the thread is to end.</returns>
    private Task? Take(Worker worker)
    {
        while (true)
        {
            lock (gate)
            {
                waking &= !worker.IsWoken;
                worker.IsWoken = false;
                if (queue.TryDequeue(out var task))
                {
                    taken++;
                    WakeWorker();
                    return task;
                }

                if (disposed)
                {
                    threads--;
                    return null;
                }

                worker.Wake.Reset();
                idle.Add(worker);
            }

            if (!worker.Wake.Wait(LongestIdle) && Retires(worker))
            {
                return null;
            }
        }
    }

    private bool Retires(Worker worker)
    {
        lock (gate)
        {
            if (threads <= kept || !idle.Remove(worker))
            {
                // It was woken at the last moment, or is one of those that stay.
                idle.Remove(worker);
                return false;
            }

            threads--;
            return true;
        }
    }

    /// <summary>While there is a queue a thread looks whether it moves.</summary>
    private void Watch()
    {
        if (!watching)
        {
            watching = true;
            new Thread(AddWhileNothingMoves) { IsBackground = true, Name = "GopherFlow step watcher" }.UnsafeStart();
        }
    }

    private void AddWhileNothingMoves()
    {
        var quiet = 0;
        var before = -1L;
        while (true)
        {
            Thread.Sleep(LongestWait);
            lock (gate)
            {
                quiet = queue.Count == 0 ? quiet + 1 : 0;
                if (quiet > QuietLooks || disposed)
                {
                    watching = false;
                    return;
                }

                if (queue.Count > 0 && taken == before && threads < limit)
                {
                    StartThread();
                }

                before = queue.Count > 0 ? taken : -1;
            }
        }
    }

    private sealed class Worker
    {
        public ManualResetEventSlim Wake { get; } = new(initialState: false, spinCount: 10);

        /// <summary>Whether it was woken or started, and has not looked at the queue since.</summary>
        public bool IsWoken { get; set; }

        /// <summary>Whether the next task that this thread queues is to run next here.</summary>
        public bool TakesNext { get; set; }

        public Task? Next { get; set; }
    }
}
