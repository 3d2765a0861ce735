namespace GopherFlow.Execution;

/// <summary>
/// Dedicated threads for the author's code: state functions, OnCommit callbacks and cancellation callbacks. Code that blocks does not
/// starve others: when work is queued and no thread has taken any for 10 ms, a thread is added. Idle threads end after 20 seconds, except
/// as many as there are processors.
/// </summary>
/// <param name="limit">The maximum number of threads.</param>
internal sealed class StepThreads(int limit) : TaskScheduler, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(20);

    /// <summary>The watcher ends after finding the queue empty this many times in a row, which takes one second.</summary>
    private const int QuietRounds = 100;

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

    /// <summary>The current number of threads.</summary>
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
    /// Starts a task. If the caller is a task on one of these threads that is about to end or to await, the new task runs next on the same
    /// thread, without going through the queue.
    /// </summary>
    public void StartNext(Task task)
    {
        if (current.Value is { Next: null } worker)
        {
            worker.TakesNext = true;
        }

        task.Start(this);
    }

    /// <summary>Lets the threads end after all queued tasks have run.</summary>
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
    /// Wakes one worker. It wakes the next one if there is more to do when it has started; waking several at once would mostly find an
    /// empty queue. The caller holds the lock. Without it, the wake-up could reach a worker that has done the work meanwhile and is idle
    /// again, and the worker would be listed as idle twice.
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

    /// <returns>The next task, or null if the thread should end.</returns>
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

            if (!worker.Wake.Wait(LongestIdle) && TryRetire(worker))
            {
                return null;
            }
        }
    }

    private bool TryRetire(Worker worker)
    {
        lock (gate)
        {
            if (threads <= kept || !idle.Remove(worker))
            {
                // It was just woken, or it is one of the threads that stay.
                idle.Remove(worker);
                return false;
            }

            threads--;
            return true;
        }
    }

    /// <summary>Starts the watcher thread, which adds threads while the queue makes no progress.</summary>
    private void Watch()
    {
        if (!watching)
        {
            watching = true;
            new Thread(AddThreadsWhileBlocked) { IsBackground = true, Name = "GopherFlow step watcher" }.UnsafeStart();
        }
    }

    private void AddThreadsWhileBlocked()
    {
        var quiet = 0;
        var before = -1L;
        while (true)
        {
            Thread.Sleep(LongestWait);
            lock (gate)
            {
                quiet = queue.Count == 0 ? quiet + 1 : 0;
                if (quiet > QuietRounds || disposed)
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

        /// <summary>Whether it was woken or started and has not checked the queue since.</summary>
        public bool IsWoken { get; set; }

        /// <summary>Whether the next task that this thread queues runs next on this thread.</summary>
        public bool TakesNext { get; set; }

        public Task? Next { get; set; }
    }
}
