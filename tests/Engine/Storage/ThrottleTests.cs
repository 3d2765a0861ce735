using GopherFlow.Stores.Postgres;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Storage;

/// <summary>Calls are made at once, and at most once per interval.</summary>
public sealed class ThrottleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly VirtualClock clock = new();
    private int calls;

    [Fact]
    public async Task Requests_during_the_interval_become_one_call_at_its_end()
    {
        var throttle = new Throttle(() => calls++, Interval, clock);
        throttle.Ask();
        Assert.Equal(1, calls);

        throttle.Ask();
        throttle.Ask();
        Assert.Equal(1, calls);

        await clock.AdvanceWhenAwaitedAsync(Interval);
        await UntilAsync(() => calls == 2);
    }

    [Fact]
    public async Task After_a_quiet_interval_the_next_call_is_made_at_once()
    {
        var throttle = new Throttle(() => calls++, Interval, clock);
        throttle.Ask();
        await clock.AdvanceWhenAwaitedAsync(Interval);
        await UntilAsync(() => !clock.IsAwaited(Interval));

        throttle.Ask();
        await UntilAsync(() => calls == 2);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
