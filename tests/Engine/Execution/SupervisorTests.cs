using GopherFlow.Execution;
using GopherFlow.Telemetry;
using GopherFlow.TestSupport;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Roles that fail.</summary>
public sealed class SupervisorTests : IDisposable
{
    private readonly VirtualClock clock = new();
    private readonly LogCollector logs = new();

    [Fact]
    public async Task A_failed_role_restarts_with_increasing_delay()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var role = NewSupervisor(new EngineHealth(clock)).RunAsync("dispatcher", Fail, stop.Token);

        foreach (var pause in (int[])[50, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
        {
            await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(pause));
        }

        await clock.AwaitedAsync(TimeSpan.FromSeconds(5));
        await stop.CancelAsync();
        await role;

        Assert.Equal(10, runs);
        Assert.Equal("Error: The dispatcher failed and restarts in 00:00:00.0500000 (no 1)", logs.Lines.First());

        Task Fail(CancellationToken _) => throw new InvalidOperationException($"no {++runs}");
    }

    [Fact]
    public async Task Frequent_failures_of_a_role_cost_readiness()
    {
        using var stop = new CancellationTokenSource();
        var health = new EngineHealth(clock);
        var isBroken = true;
        var role = NewSupervisor(health)
            .RunAsync(
                "repairer",
                _ =>
                    isBroken
                        ? throw new InvalidOperationException("no")
                        : new TaskCompletionSource().Task.WaitAsync(stop.Token),
                stop.Token
            );
        foreach (var pause in (int[])[50, 100, 200])
        {
            await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(pause));
        }

        await clock.AwaitedAsync(TimeSpan.FromMilliseconds(400));
        Assert.True(health.IsReady);
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(400));
        await clock.AwaitedAsync(TimeSpan.FromMilliseconds(800));

        Assert.Equal(["The repairer has failed 5 times in the last minute; see the log."], health.Reasons);
        isBroken = false;
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(800));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(health.IsReady);
        await stop.CancelAsync();
        await role;
    }

    public void Dispose() => logs.Dispose();

    private Supervisor NewSupervisor(EngineHealth health) =>
        new(health, new EngineMetrics(), clock, logs.CreateLogger<Supervisor>());
}
