using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The threads that run the author's code.</summary>
public sealed class StepThreadsTests
{
    private const int Many = 50;

    [Fact]
    public async Task Blocked_functions_do_not_prevent_the_next_one_from_running()
    {
        using var threads = new StepThreads(Many + 1);
        using var gate = new ManualResetEventSlim();
        using var entered = new CountdownEvent(Many);
        var blocked = Enumerable.Range(0, Many).Select(_ => Start(threads, Block)).ToArray();

        entered.Wait(TestContext.Current.CancellationToken);
        await Start(threads, static () => { });

        Assert.Equal(Many + 1, threads.Threads);
        gate.Set();
        await Task.WhenAll(blocked);

        void Block()
        {
            entered.Signal();
            gate.Wait();
        }
    }

    [Fact]
    public async Task There_are_never_more_threads_than_the_limit()
    {
        using var threads = new StepThreads(limit: 3);
        var running = 0;
        var most = 0;
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Start(threads, Work)));

        Assert.Equal(3, most);

        void Work()
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
            }

            // Longer than the delay before another thread is added.
            Thread.Sleep(50);
            lock (gate)
            {
                running--;
            }
        }
    }

    [Fact]
    public async Task Code_after_an_await_runs_on_these_threads_too()
    {
        using var threads = new StepThreads(limit: 2);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var name = Task
            .Factory.StartNew(
                async () =>
                {
                    waiting.SetResult();
                    await goOn.Task;
                    return Thread.CurrentThread.Name;
                },
                CancellationToken.None,
                TaskCreationOptions.None,
                threads
            )
            .Unwrap();
        await waiting.Task;
        goOn.SetResult();

        Assert.StartsWith("GopherFlow step ", await name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continuation_runs_on_the_same_thread()
    {
        using var threads = new StepThreads(limit: 4);
        var first = 0;
        var next = new TaskCompletionSource<int>();
        await Start(
            threads,
            () =>
            {
                first = Environment.CurrentManagedThreadId;
                threads.StartNext(new Task(() => next.SetResult(Environment.CurrentManagedThreadId)));
            }
        );

        Assert.Equal(first, await next.Task);
    }

    private static Task Start(StepThreads threads, Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, threads);
}
