namespace GopherFlow.Testing.Running;

/// <summary>
/// Runs the tasks of the engine and of state functions one at a time, in the order in which they became ready, so that a test is
/// deterministic. It has no thread of its own: the first queued task starts it on the thread pool.
/// </summary>
/// <param name="emptied">Called whenever the queue becomes empty.</param>
internal sealed class Strand(Action emptied) : TaskScheduler
{
    private readonly Lock gate = new();
    private readonly Queue<Task> ready = new();
    private bool running;

    public override int MaximumConcurrencyLevel => 1;

    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return !running;
            }
        }
    }

    public Task RunAsync(Func<Task> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public Task<T> RunAsync<T>(Func<Task<T>> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public Task RunAsync(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Makes waiting tests check their condition again.</summary>
    public void Nudge() => _ = RunAsync(static () => { });

    protected override void QueueTask(Task task)
    {
        lock (gate)
        {
            ready.Enqueue(task);
            if (running)
            {
                return;
            }

            running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static strand => strand.RunAll(), this, preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. ready];
        }
    }

    private void RunAll()
    {
        while (Take() is { } task)
        {
            TryExecuteTask(task);
        }

        emptied();
    }

    private Task? Take()
    {
        lock (gate)
        {
            running = ready.TryDequeue(out var task);
            return task;
        }
    }
}
