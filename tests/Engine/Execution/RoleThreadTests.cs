using System.Threading.Channels;
using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The dedicated thread of a role.</summary>
public sealed class RoleThreadTests
{
    [Fact]
    public async Task Code_after_an_await_or_a_delay_runs_on_the_thread()
    {
        using var thread = new RoleThread("test");

        var names = await thread.RunAsync(async () =>
        {
            var before = Thread.CurrentThread.Name;
            await Task.Delay(TimeSpan.FromMilliseconds(5), thread.Timers);
            var afterDelay = Thread.CurrentThread.Name;
            await Task.Run(static () => { });
            return (before, afterDelay, Thread.CurrentThread.Name);
        });

        Assert.Equal(("GopherFlow test", "GopherFlow test", "GopherFlow test"), names);
    }

    [Fact]
    public async Task Timers_fire_in_order_and_not_after_being_disabled()
    {
        using var thread = new RoleThread("test");
        using var allAreSet = new ManualResetEventSlim();
        var fired = Channel.CreateUnbounded<string>();
        var held = thread.RunAsync(() =>
        {
            allAreSet.Wait();
            return Task.CompletedTask;
        });
        await using var second = NewTimer("second", TimeSpan.FromHours(1));
        await using var first = NewTimer("first", TimeSpan.FromMilliseconds(1));
        await using var never = NewTimer("never", TimeSpan.FromMilliseconds(1));
        never.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        allAreSet.Set();
        await held;

        Assert.Equal("first", await NextAsync());
        second.Change(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        Assert.Equal("second", await NextAsync());

        ValueTask<string> NextAsync() => fired.Reader.ReadAsync(TestContext.Current.CancellationToken);

        ITimer NewTimer(string name, TimeSpan due) =>
            thread.Timers.CreateTimer(_ => fired.Writer.TryWrite(name), null, due, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task A_task_started_by_an_action_continues_on_another_thread()
    {
        using var thread = new RoleThread("test");
        var started = Task.FromResult<string?>(null);
        var before = (string?)null;

        await thread.RunAsync(() =>
        {
            before = Thread.CurrentThread.Name;
            started = NameAfterYieldAsync();
        });

        Assert.Equal("GopherFlow test", before);
        Assert.NotEqual("GopherFlow test", await started);
        Assert.Same(thread, await thread.RunAsync(() => Task.FromResult(SynchronizationContext.Current)));

        static async Task<string?> NameAfterYieldAsync()
        {
            await Task.Yield();
            return Thread.CurrentThread.Name;
        }
    }

    [Fact]
    public async Task A_pending_await_continues_after_the_thread_has_ended()
    {
        var thread = new RoleThread("test");
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = thread.RunAsync(async () => 1 + await answer.Task);
        var itself = await thread.RunAsync(() => Task.FromResult(Thread.CurrentThread));

        thread.Dispose();
        Assert.True(itself.Join(TimeSpan.FromMinutes(1)));
        answer.SetResult(1);

        Assert.Equal(2, await waits.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failure_reaches_the_caller()
    {
        using var thread = new RoleThread("test");

        await Assert.ThrowsAsync<TimeoutException>(() =>
            thread.RunAsync(static () => Task.FromException(new TimeoutException("the database is down")))
        );
    }
}
