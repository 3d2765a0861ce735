using GopherFlow.Execution;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>A thread of its own for a role.</summary>
public sealed class RoleThreadTests
{
    [Fact]
    public async Task What_follows_an_await_and_a_delay_runs_on_the_thread()
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
    public async Task Timers_fire_in_order_and_not_after_they_were_changed()
    {
        using var thread = new RoleThread("test");
        var fired = new List<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var allAreSet = new ManualResetEventSlim();
        var held = thread.RunAsync(() =>
        {
            allAreSet.Wait();
            return Task.CompletedTask;
        });
        await using var second = NewTimer("second", 3);
        await using var first = NewTimer("first", 1);
        await using var never = NewTimer("never", 2);
        await using var end = thread.Timers.CreateTimer(
            _ => last.SetResult(),
            null,
            TimeSpan.FromMilliseconds(4),
            Timeout.InfiniteTimeSpan
        );
        never.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        allAreSet.Set();

        await held;
        await last.Task;

        Assert.Equal(["first", "second"], fired);

        ITimer NewTimer(string name, int milliseconds) =>
            thread.Timers.CreateTimer(
                _ => fired.Add(name),
                null,
                TimeSpan.FromMilliseconds(milliseconds),
                Timeout.InfiniteTimeSpan
            );
    }

    [Fact]
    public async Task A_failure_reaches_who_waits()
    {
        using var thread = new RoleThread("test");

        await Assert.ThrowsAsync<TimeoutException>(() =>
            thread.RunAsync(static () => Task.FromException(new TimeoutException("it is away")))
        );
    }
}
