using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.ReferenceFaults;

/// <summary>Faults of the Go system in running states (section 9.1 of its description) that this engine must not have.</summary>
public sealed class AttemptFaultTests
{
    private static readonly RetryPolicy AtOnce = RetryPolicy.Linear(2, TimeSpan.Zero, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_1_an_error_is_retried_and_its_text_is_kept(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", FailingFirst, AtOnce))
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Contains("ERROR Work: InvalidOperationException: the bank is closed", await engine.HistoryAsync(id));
    }

    /// <summary>PostgreSQL stores neither NUL nor half a surrogate pair, and long messages are truncated.</summary>
    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_error_whose_text_cannot_be_stored_unchanged_is_retried_too(StoreKind kind)
    {
        var text = $"half a pair: \ud83d, nothing: \0, and {string.Concat(Enumerable.Repeat("\U0001F600", 10_000))}";
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        step => step.Attempt == 1 ? throw new InvalidOperationException(text) : NextState.GoTo("Done"),
                        AtOnce
                    )
                )
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Contains(
            await engine.HistoryAsync(id),
            entry =>
                entry.StartsWith(
                    "ERROR Work: InvalidOperationException: half a pair: \uFFFD, nothing: \uFFFD",
                    StringComparison.Ordinal
                )
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_4_a_step_that_cannot_be_committed_completely_leaves_nothing(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(Machines.Trivial("Child"))
                    .AddDefinition(
                        Machines.OneState(
                            "W",
                            step =>
                            {
                                step.Variables["x"] = "1";
                                step.OnCommit((_, _, _) => throw new InvalidOperationException("in the middle"));
                                return NextState.GoTo("Done").Log("never").Spawn(new ChildRequest("Child", "never"));
                            }
                        )
                    )
        );

        var id = await engine.CreateAsync("W");
        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal(("Work", "{}", 0), (failed.State, failed.StateVars, failed.Step));
        Assert.Empty(await engine.Store.ChildrenAsync(new ChildSearch(id), Stop));
        Assert.DoesNotContain(
            await engine.HistoryAsync(id),
            entry => entry.Contains("never", StringComparison.Ordinal)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_5_a_database_error_during_a_step_leaves_nothing_stuck(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var troubles = 0;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = (batch, write) =>
                batch.Events.Count > 0 && troubles++ < 3 ? throw new InvalidOperationException("disk full") : write(),
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Done"), AtOnce)),
            wrapped: intercepted
        );

        var id = await engine.CreateAsync("W");

        await engine.TurnUntilAsync(id, workflow => workflow.Status.IsFinal());
        Assert.True(troubles > 3);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_9_two_retries_are_three_runs_in_every_state_and_repairs_consume_none(StoreKind kind)
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        step =>
                            step.Attempt < 3
                                ? throw new InvalidOperationException("again")
                                : Task.FromResult(NextState.GoTo("Second")),
                        _ =>
                        {
                            runs++;
                            throw new InvalidOperationException("never");
                        },
                        AtOnce
                    )
                )
        );

        var id = await engine.CreateAsync("W");
        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal((3, 6, 2), (runs, failed.ExecutionCount, failed.RetryCount));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_10_a_variable_changed_and_changed_back_has_its_old_value_and_others_are_kept(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        step => Set(step, "changed", "Second"),
                        step => Set(step, "original", "Done")
                    )
                )
        );

        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"x":"original","other":1}"""));
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"x":"original","other":1}""", done.StateVars);

        static Task<NextState> Set(StepContext step, string value, string next)
        {
            step.Variables["x"] = value;
            return Task.FromResult(NextState.GoTo(next));
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_14_all_instants_in_the_store_come_from_one_clock(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        FailingFirst,
                        RetryPolicy.Linear(1, TimeSpan.FromHours(1), TimeSpan.FromHours(1))
                    )
                )
        );
        var began = engine.Clock.GetUtcNow();

        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);

        Assert.Equal([began, began, began], [parked.Created, parked.Modified, parked.Started!.Value]);
        Assert.Equal(began.AddHours(1), parked.NextActivation);
        Assert.All(
            await engine.Store.ActionsAsync(new ActionSearch(id, 10), Stop),
            action => Assert.Equal(began, action.DateTime)
        );
        Assert.All(await engine.Store.ExecutorsAsync(10, Stop), executor => Assert.Equal(began, executor.LastActive));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Fault_20_the_history_says_who_when_and_in_which_attempt(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        FailingFirst,
                        RetryPolicy.Linear(1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10))
                    )
                )
        );
        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);
        await engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = id,
                State = "Ask",
                Actor = "ann",
            },
            Stop
        );

        var actions = (await engine.Store.ActionsAsync(new ActionSearch(id, 10), Stop)).Reverse().ToList();

        Assert.Equal(
            [
                (HistoryKind.Created, null, 0, 0),
                (HistoryKind.AttemptFailed, engine.ExecutorId, 1, 0),
                (HistoryKind.Transition, engine.ExecutorId, 2, 1),
                (HistoryKind.StateChanged, (long?)null, 2, 0),
            ],
            actions.Select(action =>
                (action.Entry.Kind, action.ExecutorId, action.Entry.ExecutionCount, action.Entry.RetryCount)
            )
        );
        Assert.Equal("ann", actions[^1].Entry.Actor);
        Assert.Equal(parked.Started, done.Started);
    }

    private static NextState FailingFirst(StepContext step) =>
        step.Attempt == 1 ? throw new InvalidOperationException("the bank is closed") : NextState.GoTo("Done");
}
