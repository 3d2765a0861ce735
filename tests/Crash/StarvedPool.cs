namespace GopherFlow.Crash;

/// <summary>Blocks 300 threads of the thread pool, and as many that it may add later, until disposed.</summary>
internal sealed class StarvedPool : IDisposable
{
    private const int Threads = 300;

    private readonly ManualResetEventSlim gate = new();

    public StarvedPool()
    {
        ThreadPool.SetMinThreads(Threads, Threads);
        using var blocked = new CountdownEvent(Threads);
        for (var item = 0; item < 2 * Threads; item++)
        {
            var entered = item < Threads ? blocked : null;
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    entered?.Signal();
                    gate.Wait();
                },
                null
            );
        }

        blocked.Wait();
    }

    public void Dispose() => gate.Set();
}
