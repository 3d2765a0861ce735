using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Leases: who may commit, and what happens when executors die, stall or lose answers.</summary>
public sealed class OwnershipTests
{
    private static readonly EngineOptions Options = new() { Lease = TimeSpan.FromSeconds(12) };

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_change_by_hand_drops_the_running_step(StoreKind kind)
    {
        var entered = NewSignal();
        var runs = 0;
        var cancelled = NewSignal();
        var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Work)),
            loggers: logs
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        var moved = await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = id,
                State = "Done",
                Actor = "night operator",
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(OperationVerdict.Changed, moved.Verdict);
        await engine.StopAsync();
        var done = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Finished, "{}", 1), (done.Status, done.StateVars, runs));
        await cancelled.Task;
        Assert.Contains(logs.Lines, line => line.Contains("was cancelled and is dropped", StringComparison.Ordinal));
        Assert.Equal(
            "LOG Work: User Manually Changed State :Done (by night operator)",
            (await engine.HistoryAsync(id))[^1]
        );

        async Task<NextState> Work(StepContext step)
        {
            runs++;
            step.Variables["from"] = "the step that was dropped";
            entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, step.Cancellation);
            }
            finally
            {
                cancelled.SetResult();
            }

            return NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_variable_set_by_hand_makes_the_running_step_run_again_with_it(StoreKind kind)
    {
        var entered = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Work))
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        await engine.Interventions.ChangeVariablesAsync(
            id,
            [new VariableChange("limit", "3")],
            "someone",
            TestContext.Current.CancellationToken
        );

        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"limit":3,"seen":"3"}""", done.StateVars);

        async Task<NextState> Work(StepContext step)
        {
            if (step.Variables["limit"] is null)
            {
                entered.TrySetResult();
                await Task.Delay(Timeout.Infinite, step.Cancellation);
            }

            step.Variables["seen"] = step.Variables["limit"];
            return NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Workflows_of_a_dead_executor_continue_elsewhere_as_soon_as_its_lease_has_expired(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var (dead, _) = await store.Workflows.RegisterExecutorAsync(
            new ExecutorRegistration("dead", "1.0", ["default"], 1, Options.Lease),
            TestContext.Current.CancellationToken
        );
        var written = await store.Workflows.WriteAsync(
            new WriteBatch([OwnedBy(dead, clock)], [], dead, clock.GetUtcNow()),
            TestContext.Current.CancellationToken
        );
        var id = written.Creates[0].Id;
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W")),
            Options
        );

        var taken = await engine.TurnUntilAsync(id, workflow => workflow.Lease > 1);
        Assert.InRange(
            taken.Modified - new VirtualClock().GetUtcNow(),
            Options.Lease,
            Options.Lease + TimeSpan.FromSeconds(1)
        );

        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Contains(
            $"REPAIRED Work: Repaired and scheduled, previous executor was: {dead}",
            await engine.HistoryAsync(id)
        );
    }

    [Fact]
    public async Task A_lease_that_ends_before_the_next_poll_is_scheduled_for_its_end()
    {
        var options = new EngineOptions
        {
            Lease = TimeSpan.FromSeconds(2),
            StuckWorkflowsInterval = TimeSpan.FromHours(1),
        };
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.Trivial("W")),
            options
        );
        var (dead, registered) = await store.Workflows.RegisterExecutorAsync(
            new ExecutorRegistration("dead", "1.0", ["default"], 1, options.Lease),
            TestContext.Current.CancellationToken
        );
        var written = await store.Workflows.WriteAsync(
            new WriteBatch([OwnedBy(dead, clock)], [], dead, clock.GetUtcNow()),
            TestContext.Current.CancellationToken
        );

        var taken = await engine.TurnUntilAsync(written.Creates[0].Id, workflow => workflow.Lease > 1);

        Assert.InRange(taken.Modified - registered, options.Lease, options.Lease + TimeSpan.FromSeconds(1));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_stalled_executor_commits_nothing_when_it_resumes_and_logs_that(StoreKind kind)
    {
        var (clock, database) = (new VirtualClock(), new VirtualClock());
        await using var store = await TestStore.OpenAsync(kind, database);
        var entered = NewSignal();
        var goOn = NewSignal();
        var logs = new LogCollector();
        await using var stalled = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        async step =>
                        {
                            entered.SetResult();
                            await goOn.Task;
                            step.Variables["by"] = "the stalled one";
                            return NextState.GoTo("Done");
                        }
                    )
                ),
            Options,
            logs
        );
        var id = await stalled.CreateAsync("W");
        await entered.Task;

        // The database's clock advances while this executor is stalled, and another executor declares it dead.
        database.Advance(Options.Lease + TimeSpan.FromMicroseconds(1));
        var taken = await store.Workflows.RepairAsync(new(99, 10), TestContext.Current.CancellationToken);
        Assert.Equal(id, Assert.Single(taken.Changes).Id);
        goOn.SetResult();
        await stalled.StopAsync();

        var workflow = await stalled.FindAsync(id);
        Assert.Equal((WorkflowStatus.InProgress, "{}", 0), (workflow.Status, workflow.StateVars, workflow.Step));
        Assert.Contains(
            logs.Lines,
            line => line.Contains("lease 1 was lost, nothing of the step is committed", StringComparison.Ordinal)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_executor_declared_dead_ends_its_steps_and_registers_again(StoreKind kind)
    {
        var (clock, database) = (new VirtualClock(), new VirtualClock());
        await using var store = await TestStore.OpenAsync(kind, database);
        var entered = NewSignal();
        var ended = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
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
                                // Never disposed: the delay may be cancelled and end before this callback has run.
                                step.Cancellation.Register(() => ended.TrySetResult());
                                await Task.Delay(Timeout.Infinite, step.Cancellation);
                            }

                            return NextState.GoTo("Done");
                        }
                    )
                ),
            Options
        );
        var before = engine.ExecutorId;
        var id = await engine.CreateAsync("W");
        await entered.Task;
        database.Advance(Options.Lease + TimeSpan.FromMicroseconds(1));
        await store.Workflows.RepairAsync(new(99, 10), TestContext.Current.CancellationToken);

        clock.Advance(Options.Lease / 3);
        await ended.Task;
        await engine.TurnUntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.NotEqual(before, engine.ExecutorId);
    }

    private static NewWorkflow OwnedBy(long executorId, VirtualClock clock) =>
        new()
        {
            ExternalId = "orphan",
            WorkflowType = "W",
            Version = Machines.Version,
            BusinessKey = "k",
            ExecutorGroup = "default",
            State = "Work",
            NextActivation = clock.GetUtcNow(),
            ClaimedBy = executorId,
        };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
