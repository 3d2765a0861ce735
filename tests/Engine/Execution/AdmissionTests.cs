using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Creates while all slots are taken.</summary>
public sealed class AdmissionTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(99);

    private readonly TaskCompletionSource goOn = NewSignal();
    private readonly VirtualClock clock = new();

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_create_waits_for_a_slot_and_is_inserted_already_claimed(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, clock);
        var claimed = new List<bool>();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = (batch, write) =>
            {
                lock (claimed)
                {
                    claimed.AddRange(batch.Creates.Select(create => create.ClaimedBy is not null));
                }

                return write();
            },
        };
        await using var engine = await StartAsync(store, intercepted);
        await engine.CreateAsync("W", "first");

        var second = engine.CreateAsync("W", "second");
        await clock.AwaitedAsync(Wait);
        Assert.Null(await store.Workflows.FindByExternalIdAsync("second", TestContext.Current.CancellationToken));
        goOn.SetResult();

        await engine.UntilAsync(await second, WorkflowStatus.Finished);
        Assert.Equal([true, true], claimed);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_create_that_waits_too_long_is_stored_unclaimed(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var engine = await StartAsync(store);
        await engine.CreateAsync("W", "first");

        var second = engine.CreateAsync("W", "second");
        await clock.AdvanceWhenAwaitedAsync(Wait);

        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(await second)).Status);
        goOn.SetResult();
        await engine.UntilAsync(await second, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_stop_ends_the_wait_and_the_create_is_stored_unclaimed(StoreKind kind)
    {
        await using var store = await TestStore.OpenAsync(kind, clock);
        await using var engine = await StartAsync(store);
        await engine.CreateAsync("W", "first");
        var second = engine.CreateAsync("W", "second");
        await clock.AwaitedAsync(Wait);

        var stopping = engine.StopAsync();

        // The virtual clock does not advance, and the first workflow holds the only slot.
        var id = await second.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(id)).Status);
        goOn.SetResult();
        Assert.True(await stopping);
    }

    [Fact]
    public async Task A_create_whose_caller_has_cancelled_is_not_stored()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using var engine = await StartAsync(store);
        await engine.CreateAsync("W", "first");
        using var caller = new CancellationTokenSource();

        var second = engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "second",
                WorkflowType = "W",
                BusinessKey = "k",
            },
            caller.Token
        );
        await clock.AwaitedAsync(Wait);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = engine.CreateAsync("W", "third");
        await clock.AdvanceWhenAwaitedAsync(Wait);
        await third;

        Assert.Null(await store.Workflows.FindByExternalIdAsync("second", TestContext.Current.CancellationToken));
        goOn.SetResult();
    }

    [Fact]
    public async Task Creates_beyond_the_limit_are_rejected()
    {
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using var engine = await StartAsync(store);
        await engine.CreateAsync("W", "first");
        var second = engine.CreateAsync("W", "second");
        var third = engine.CreateAsync("W", "third");

        var refusal = await Assert.ThrowsAsync<OverloadedException>(() => engine.CreateAsync("W", "fourth"));

        Assert.StartsWith("2 workflows are waiting to be created", refusal.Message, StringComparison.Ordinal);
        goOn.SetResult();
        await Task.WhenAll(second, third);
    }

    private async Task<EngineHarness> StartAsync(TestStore store, InterceptedStore? intercepted = null)
    {
        var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async _ =>
                        {
                            await goOn.Task;
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            new EngineOptions
            {
                ExecutorSize = 1,
                CreateQueue = 2,
                CreateWait = Wait,
            },
            wrapped: intercepted
        );

        // All roles have polled, and nothing is due.
        await engine.RestAsync();
        return engine;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
