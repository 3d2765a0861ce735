using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using GopherFlow.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The lease is counted from the time before its heartbeat is sent.</summary>
public sealed class LeaseTests
{
    private static readonly EngineOptions Options = new() { Lease = TimeSpan.FromSeconds(12) };
    private static readonly TimeSpan Beat = Options.Lease / 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly VirtualClock clock = new();
    private readonly TaskCompletionSource entered = NewSignal();
    private readonly TaskCompletionSource cancelled = NewSignal();

    [Fact]
    public async Task Steps_are_dropped_before_the_lease_ends_while_the_heartbeat_is_unanswered()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var sent = NewSignal();
        var never = new TaskCompletionSource<HeartbeatAnswer>();
        using var logs = new LogCollector();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Heartbeat = (_, _) =>
            {
                sent.TrySetResult();
                return never.Task;
            },
        };
        await using var engine = await StartAsync(store, intercepted, logs);
        await engine.CreateAsync("W");
        await entered.Task;
        await clock.AdvanceWhenAwaitedAsync(Beat);
        await sent.Task;

        clock.Advance((Options.Lease * 0.8) - Beat - Tick);
        Assert.False(cancelled.Task.IsCompleted);
        Assert.DoesNotContain(logs.Lines, IsLoss);
        clock.Advance(Tick);

        Assert.Contains(logs.Lines, IsLoss);
        await cancelled.Task;
        never.SetResult(new HeartbeatAnswer(IsAlive: true, clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_late_answer_renews_the_lease_from_the_time_the_heartbeat_was_sent()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var sent = NewSignal();
        var answer = NewSignal();
        using var logs = new LogCollector();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Heartbeat = async (_, beat) =>
            {
                var result = await beat();
                sent.TrySetResult();
                await answer.Task;
                return result;
            },
        };
        await using var engine = await StartAsync(store, intercepted, logs);
        await engine.CreateAsync("W");
        await entered.Task;
        await clock.AdvanceWhenAwaitedAsync(Beat);
        await sent.Task;
        intercepted.Heartbeat = static (_, _) => Task.FromException<HeartbeatAnswer>(new TimeoutException("away"));

        clock.Advance((Options.Lease * 0.8) - Beat - Tick);
        answer.SetResult();
        await clock.AwaitedAsync(Beat);
        clock.Advance(Beat - Tick);
        Assert.DoesNotContain(logs.Lines, IsLoss);
        clock.Advance(2 * Tick);

        Assert.Contains(logs.Lines, IsLoss);
        await cancelled.Task;
    }

    [Fact]
    public async Task A_callback_that_throws_or_blocks_does_not_prevent_a_new_registration()
    {
        using var gate = new ManualResetEventSlim();
        var database = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, database);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", Wait)),
            Options
        );
        var before = engine.ExecutorId;
        await engine.CreateAsync("W");
        await entered.Task;
        database.Advance(Options.Lease + Tick);
        await store.Workflows.RepairAsync(new RepairRequest(99, 10), TestContext.Current.CancellationToken);

        await clock.AdvanceWhenAwaitedAsync(Beat);
        await cancelled.Task;
        await clock.AwaitedAsync(Beat);
        Assert.NotEqual(before, engine.ExecutorId);
        Assert.True(engine.Health.IsReady);
        gate.Set();

        async Task<NextState> Wait(StepContext step)
        {
            if (entered.TrySetResult())
            {
                step.Cancellation.Register(() =>
                {
                    cancelled.SetResult();
                    gate.Wait();
                    throw new InvalidOperationException("of the author");
                });
                await Task.Delay(Timeout.Infinite, step.Cancellation);
            }

            return NextState.GoTo("Done");
        }
    }

    [Fact]
    public async Task An_expired_lease_is_not_held_even_before_its_timer_fires()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var resumed = new ResumedClock(clock);
        var database = new DatabaseClock(resumed);
        using var metrics = new EngineMetrics();
        var regained = 0;
        var keeper = new LeaseKeeper(
            store.Workflows,
            Options,
            lost: static () => { },
            regained: () => regained++,
            metrics,
            database,
            threads: null,
            NullLogger<LeaseKeeper>.Instance
        );
        await keeper.RegisterAsync(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var keeping = keeper.RunAsync(stop.Token);

        resumed.Slept = (Options.Lease * 0.8) - Tick;
        Assert.True(keeper.HasLease);
        resumed.Slept += Tick;
        Assert.False(keeper.HasLease);
        Assert.Equal(0, regained);

        await clock.AdvanceWhenAwaitedAsync(Beat);
        await clock.AwaitedAsync(Beat);
        Assert.True(keeper.HasLease);
        Assert.Equal(1, regained);
        await stop.CancelAsync();
        await keeping;
    }

    /// <summary>The clock of a process resumed from sleep: its time has advanced, its timers have not fired yet.</summary>
    private sealed class ResumedClock(VirtualClock timers) : TimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override long TimestampFrequency => timers.TimestampFrequency;

        public override long GetTimestamp() =>
            timers.GetTimestamp() + (long)(Slept.TotalSeconds * timers.TimestampFrequency);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            timers.CreateTimer(callback, state, dueTime, period);
    }

    private Task<EngineHarness> StartAsync(TestStore store, InterceptedStore intercepted, LogCollector logs) =>
        EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async step =>
                        {
                            // Never disposed: the delay may be cancelled and end before this callback has run.
                            step.Cancellation.Register(() => cancelled.TrySetResult());
                            entered.TrySetResult();
                            await Task.Delay(Timeout.Infinite, step.Cancellation);
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            Options,
            logs,
            intercepted
        );

    private static bool IsLoss(string line) => line.Contains("could not renew its lease of", StringComparison.Ordinal);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
