using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Graceful shutdown.</summary>
public sealed class StopTests
{
    private static readonly EngineOptions TenSeconds = new() { GracePeriod = TimeSpan.FromSeconds(10) };

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_finishes_in_time_is_committed_and_its_claim_released(StoreKind kind)
    {
        var entered = NewSignal();
        var goOn = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        async step =>
                        {
                            entered.SetResult();
                            await goOn.Task;
                            step.Variables["first"] = "done";
                            return NextState.GoTo("Second");
                        },
                        _ => throw new InvalidOperationException("must not run")
                    )
                ),
            TenSeconds
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        var stopping = engine.StopAsync();
        goOn.SetResult();
        await stopping;

        var workflow = await engine.FindAsync(id);
        Assert.Equal(("Second", WorkflowStatus.InProgress, 0), (workflow.State, workflow.Status, workflow.RetryCount));
        Assert.Equal("""{"first":"done"}""", workflow.StateVars);
        Assert.Equal(engine.Clock.GetUtcNow(), workflow.NextActivation);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_does_not_finish_in_time_is_cancelled_and_discarded(StoreKind kind)
    {
        var entered = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async step =>
                        {
                            step.Variables["x"] = "1";
                            entered.SetResult();
                            await Task.Delay(Timeout.Infinite, step.Cancellation);
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            TenSeconds
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        var stopping = engine.StopAsync();
        await engine.Clock.AdvanceWhenAwaitedAsync(TenSeconds.GracePeriod);
        await stopping;
        var workflow = await engine.FindAsync(id);
        Assert.Equal(("Work", WorkflowStatus.InProgress, "{}"), (workflow.State, workflow.Status, workflow.StateVars));
        Assert.Equal((0, 0), (workflow.RetryCount, workflow.ExecutionCount));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task No_further_state_starts_while_a_claim_is_still_in_flight(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var entered = NewSignal();
        var goOn = NewSignal();
        var claiming = NewSignal();
        var claimed = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        async _ =>
                        {
                            entered.SetResult();
                            await goOn.Task;
                            return NextState.GoTo("Second");
                        },
                        _ => throw new InvalidOperationException("must not run")
                    )
                ),
            TenSeconds,
            wrapped: intercepted
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;
        intercepted.Claim = async (_, claim) =>
        {
            claiming.SetResult();
            await claimed.Task;
            return await claim();
        };
        engine.Clock.Advance(TenSeconds.CheckDbInterval);
        await claiming.Task;

        var stopping = engine.StopAsync();
        goOn.SetResult();
        await engine.UntilAsync(id, workflow => workflow.State == "Second");
        claimed.SetResult();
        await stopping;

        var workflow = await engine.FindAsync(id);
        Assert.Equal(("Second", WorkflowStatus.InProgress), (workflow.State, workflow.Status));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_next_executor_continues_at_once(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var entered = NewSignal();
        long id;
        await using (var first = await StartAsync())
        {
            id = await first.CreateAsync("W");
            await entered.Task;
            var stopping = first.StopAsync();
            await clock.AdvanceWhenAwaitedAsync(TenSeconds.GracePeriod);
            await stopping;
            var executor = Assert.Single(
                await store.Workflows.ExecutorsAsync(10, TestContext.Current.CancellationToken)
            );
            Assert.NotNull(executor.Ended);
        }

        await using var second = await StartAsync();
        await second.UntilAsync(id, WorkflowStatus.Finished);

        Task<EngineHarness> StartAsync() =>
            EngineHarness.StartAsync(
                store,
                clock,
                g =>
                    g.AddDefinition(
                        Machines.OneState(
                            "W",
                            async step =>
                            {
                                if (entered.TrySetResult())
                                {
                                    await Task.Delay(Timeout.Infinite, step.Cancellation);
                                }

                                return NextState.GoTo("Done");
                            }
                        )
                    ),
                TenSeconds
            );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_second_stop_waits_for_the_first(StoreKind kind)
    {
        var entered = NewSignal();
        var goOn = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async _ =>
                        {
                            entered.SetResult();
                            await goOn.Task;
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            TenSeconds
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        var first = engine.StopAsync();
        var second = engine.StopAsync();
        Assert.False(second.IsCompleted);
        goOn.SetResult();
        Assert.True(await second);

        Assert.True(await first);
        Assert.Equal(WorkflowStatus.Finished, (await engine.FindAsync(id)).Status);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_create_committed_after_the_grace_period_does_not_run(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var ran = false;
        var writing = NewSignal();
        var goOn = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = async (_, write) =>
            {
                writing.TrySetResult();
                await goOn.Task;
                return await write();
            },
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async step =>
                        {
                            ran = true;
                            await Task.Delay(Timeout.Infinite, step.Cancellation);
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            TenSeconds,
            wrapped: intercepted
        );
        // When nothing is due, a create is claimed by the process that inserts it.
        await engine.RestAsync();
        var creating = engine.CreateAsync("W");
        await writing.Task;

        var stopping = engine.StopAsync();
        await engine.Clock.AdvanceWhenAwaitedAsync(TenSeconds.GracePeriod);
        goOn.SetResult();
        Assert.True(await stopping);

        Assert.False(ran);
        var workflow = await engine.FindAsync(await creating);
        Assert.Equal(("Work", WorkflowStatus.InProgress, 0), (workflow.State, workflow.Status, workflow.RetryCount));
    }

    [Fact]
    public async Task Creates_after_the_stop_are_rejected()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.Trivial("W"))
        );
        await engine.StopAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.CreateAsync("W"));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
