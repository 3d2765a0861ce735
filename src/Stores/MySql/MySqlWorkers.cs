namespace GopherFlow.Stores.MySql;

/// <summary>
/// A few threads, each with a session of its own. The driver blocks its caller until the server answers, also in its async calls;
/// so the work queues here, and nobody else's thread is blocked. Threads start when there is work for them.
/// </summary>
internal sealed class MySqlWorkers(string name, int most, Func<MySqlSession> session) : IAsyncDisposable
{
    private readonly Lock counting = new();
    private readonly Queue<Action<MySqlSession>> waiting = [];
    private readonly SemaphoreSlim offered = new(0);
    private readonly List<Task> threads = [];
    private int idle;
    private bool ended;

    /// <summary>Runs work on a session, as soon as one is free.</summary>
    public Task<T> RunAsync<T>(Func<MySqlSession, T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (counting)
        {
            ObjectDisposedException.ThrowIf(ended, this);
            waiting.Enqueue(mine => Run(mine, work, done, cancellation));
            if (waiting.Count > idle && threads.Count < most)
            {
                threads.Add(StartThread());
            }
        }

        offered.Release();
        return done.Task;
    }

    /// <summary>What was queued is still done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (counting)
        {
            if (ended)
            {
                return;
            }

            ended = true;
        }

        offered.Release(most);
        await Task.WhenAll(threads);
    }

    private Task StartThread()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Work(end)) { IsBackground = true, Name = $"GopherFlow MySQL {name}" }.Start();
        return end.Task;
    }

    private void Work(TaskCompletionSource end)
    {
        using (var mine = session())
        {
            while (Next() is { } work)
            {
                work(mine);
            }
        }

        end.SetResult();
    }

    private Action<MySqlSession>? Next()
    {
        lock (counting)
        {
            idle++;
        }

        offered.Wait();
        lock (counting)
        {
            idle--;
            return waiting.TryDequeue(out var work) ? work : null;
        }
    }

    private static void Run<T>(
        MySqlSession session,
        Func<MySqlSession, T> work,
        TaskCompletionSource<T> done,
        CancellationToken cancellation
    )
    {
        if (cancellation.IsCancellationRequested)
        {
            done.SetCanceled(cancellation);
            return;
        }

        try
        {
            done.SetResult(work(session));
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }
}
