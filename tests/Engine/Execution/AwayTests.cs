using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>An executor that starts, stops or loses its lease while the database is unavailable.</summary>
public sealed class AwayTests
{
    /// <summary>Chosen so that no other role waits for a third of the lease.</summary>
    private static readonly EngineOptions Options = new() { Lease = TimeSpan.FromSeconds(12.3) };

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_start_waits_for_the_database_and_logs_every_failure(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var opened = 0;
        var entered = 0;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Transient = IsTransient,
            Initialize = open =>
                ++opened == 1 ? throw new StoreSetupException("database down", new TimeoutException()) : open(),
            Register = enter => ++entered == 1 ? throw new TimeoutException("database down again") : enter(),
        };
        var logs = new LogCollector();

        var starting = StartAsync(store, clock, intercepted, logs);
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(500));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(1));
        await using var engine = await starting;

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(
            ["database down", "database down again"],
            logs.Lines.Where(line => line.Contains("Startup waits", StringComparison.Ordinal))
                .Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..])
        );
    }

    [Fact]
    public async Task A_permanent_error_ends_the_start()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Transient = IsTransient,
            Initialize = _ => throw new StoreSetupException("it is newer than this program"),
        };

        await Assert.ThrowsAsync<StoreSetupException>(() => StartAsync(store, clock, intercepted));
    }

    [Fact]
    public async Task A_waiting_start_can_be_cancelled()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        using var stop = new CancellationTokenSource();
        var hanging = new InterceptedStore(store.Workflows) { Initialize = _ => Task.Delay(Timeout.Infinite) };

        var starting = EngineHarness.StartUntilAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W")),
            Options,
            loggers: null,
            hanging,
            stop.Token
        );
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_stop_ends_in_time_and_logs_what_it_could_not_write(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var written = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Transient = IsTransient,
            Write = (batch, write) =>
            {
                if (batch.Events.Count == 0)
                {
                    return write();
                }

                written.TrySetResult();
                throw new TimeoutException("database down");
            },
            Owned = _ => throw new TimeoutException("database down"),
        };
        var logs = new LogCollector();
        await using var engine = await StartAsync(store, clock, intercepted, logs);
        var id = await engine.CreateAsync("W");
        await written.Task;

        var stopping = engine.StopAsync();
        await clock.AdvanceWhenAwaitedAsync(Options.GracePeriod);
        Assert.False(await stopping);

        Assert.Equal(WorkflowStatus.Executing, (await engine.FindAsync(id)).Status);
        Assert.Contains(logs.Lines, line => line.Contains("could not be committed", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("could not write everything", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_waits_at_most_five_seconds_for_a_database_that_does_not_answer()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var never = new TaskCompletionSource<IReadOnlyList<ClaimKey>>();
        var asked = NewSignal();
        var hanging = new InterceptedStore(store.Workflows)
        {
            Owned = _ =>
            {
                asked.TrySetResult();
                return never.Task;
            },
        };
        await using var engine = await StartAsync(store, clock, hanging);

        var stopping = engine.StopAsync();
        await asked.Task;
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(5));

        Assert.False(await stopping);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_executor_that_lost_its_lease_claims_nothing_until_it_has_registered_again(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var away = false;
        var claimants = new List<long>();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Heartbeat = (_, beat) => Volatile.Read(ref away) ? throw new TimeoutException("database down") : beat(),
            Register = enter => Volatile.Read(ref away) ? throw new TimeoutException("database down") : enter(),
        };
        await using var engine = await StartAsync(store, clock, intercepted);
        var dead = engine.ExecutorId;
        Volatile.Write(ref away, true);
        for (var beat = 0; beat < 3; beat++)
        {
            await clock.AdvanceWhenAwaitedAsync(Options.Lease / 3);
        }

        // The lease ends before the third beat; the next attempt is scheduled from when the lease keeper notices.
        await clock.BegunAsync(Options.Lease / 3);
        // A claim sent before the lease was lost may still be in flight.
        await engine.RestAsync();
        intercepted.Claim = (request, claim) =>
        {
            lock (claimants)
            {
                claimants.Add(request.ExecutorId);
            }

            return claim();
        };
        var id = await engine.CreateAsync("W");
        Assert.Null((await engine.FindAsync(id)).ExecutorId);
        clock.Advance(Options.Lease / 3);
        await clock.BegunAsync(Options.Lease / 3);
        Volatile.Write(ref away, false);
        await engine.TurnUntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.NotEmpty(claimants);
        Assert.DoesNotContain(dead, claimants);
    }

    private static Task<EngineHarness> StartAsync(
        TestStore store,
        VirtualClock clock,
        InterceptedStore intercepted,
        LogCollector? logs = null
    ) =>
        EngineHarness.StartAsync(store, clock, g => g.AddDefinition(Machines.Trivial("W")), Options, logs, intercepted);

    private static bool IsTransient(Exception trouble) => trouble is TimeoutException;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
