using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Creating, moving and waiting for workflows.</summary>
public sealed class WorkflowOperationsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_invalid_field_is_named_and_nothing_is_stored()
    {
        await using var engine = await StartAsync(StoreKind.Sqlite);

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Operations.CreateAsync(
                new CreateWorkflow
                {
                    ExternalId = " ",
                    WorkflowType = "Unknown",
                    BusinessKey = new string('k', 501),
                    ExecutorGroup = "a\0b",
                    Priority = 10,
                },
                Stop
            )
        );

        Assert.Equal(
            ["externalId", "executorGroup", "businessKey", "priority", "workflowType"],
            fault.Faults.Select(each => each.Field)
        );
        Assert.Empty((await engine.Store.SearchAsync(new WorkflowSearch(), Stop)).Workflows);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Creating_an_existing_external_id_returns_the_existing_workflow(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => engine.CreateAsync("W", "same")));
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("1,2")]
    [InlineData("""{"a":1,"a":2}""")]
    public async Task A_variable_that_is_not_JSON_is_rejected(string value)
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var id = await engine.CreateAsync("W");

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Interventions.ChangeVariablesAsync(id, [new VariableChange("key", value)], "ann", Stop)
        );

        Assert.Equal(("value", value), (Assert.Single(fault.Faults).Field, fault.Faults[0].Received));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task An_invalid_variable_does_not_affect_the_rest_of_its_batch(StoreKind kind)
    {
        await using var engine = await StartAsync(kind, _ => Task.FromResult(NextState.GoTo("Ask")));
        var (one, other) = (await engine.CreateAsync("W", "one"), await engine.CreateAsync("W", "other"));
        await engine.UntilAsync(one, WorkflowStatus.Waiting);
        await engine.UntilAsync(other, WorkflowStatus.Waiting);

        var result = await engine.Store.WriteAsync(
            new WriteBatch(
                [],
                [
                    new EventFor(one, new VariablesChanged(new([new VariableChange("a", "nonsense")]), "ann")),
                    new EventFor(other, new VariablesChanged(new([new VariableChange("a", "1")]), "ann")),
                ],
                ExecutorId: null,
                engine.Clock.GetUtcNow()
            ),
            Stop
        );

        Assert.Equal([EventVerdict.Rejected, EventVerdict.Committed], result.Events.Select(outcome => outcome.Verdict));
        Assert.Equal("""{"a":1}""", (await engine.FindAsync(other)).StateVars);
    }

    [Fact]
    public async Task A_move_to_an_unknown_state_is_rejected()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var id = await engine.CreateAsync("W");

        var fault = await Assert.ThrowsAsync<RejectedRequestException>(() => MoveAsync(engine, id, "Nowhere"));

        var field = Assert.Single(fault.Faults);
        Assert.Equal(
            ("state", "Nowhere", "a state of W: Work, Ask, Bad, Done"),
            (field.Field, field.Received, field.Expected)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_finished_workflow_can_be_moved_back_and_runs_again(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        await MoveAsync(engine, id, "Work");

        var again = await engine.UntilAsync(id, workflow => workflow.Step == 3);
        Assert.Equal((WorkflowStatus.Finished, 2), (again.Status, again.ExecutionCount));
    }

    [Theory]
    [InlineData("Ask", WorkflowStatus.Waiting)]
    [InlineData("Bad", WorkflowStatus.Error)]
    [InlineData("Done", WorkflowStatus.Finished)]
    public async Task A_move_to_a_state_without_a_function_takes_effect_at_once(string state, WorkflowStatus status)
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        await MoveAsync(engine, id, state);

        Assert.Equal((state, status), ((await engine.FindAsync(id)).State, (await engine.FindAsync(id)).Status));
    }

    [Fact]
    public async Task A_commit_ends_a_wait_without_a_poll()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.Sqlite,
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
                )
        );
        var id = await engine.CreateAsync("W");

        var waiting = engine.Operations.WaitAsync(id, ["Done"], TimeSpan.FromMinutes(1), Stop);
        Assert.False(waiting.IsCompleted);
        goOn.SetResult();

        Assert.Equal(WaitVerdict.Reached, (await waiting).Verdict);
    }

    [Fact]
    public async Task A_wait_completes_for_a_state_that_is_only_passed_through()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        async _ =>
                        {
                            await goOn.Task;
                            return NextState.GoTo("Second");
                        },
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                )
        );
        var id = await engine.CreateAsync("W");

        var waiting = engine.Operations.WaitAsync(id, ["Second"], TimeSpan.FromMinutes(1), Stop);
        goOn.SetResult();

        Assert.Equal(WaitVerdict.Reached, (await waiting).Verdict);
    }

    [Fact]
    public async Task A_wait_ends_at_its_timeout()
    {
        await using var engine = await StartAsync(
            StoreKind.InMemory,
            _ => Task.FromResult(NextState.GoTo("Work").After(TimeSpan.FromDays(1)))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);

        var waiting = engine.Operations.WaitAsync(id, ["Done"], TimeSpan.FromSeconds(5), Stop);
        await engine.Clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(5));

        var result = await waiting;
        Assert.Equal((WaitVerdict.TimedOut, "Work"), (result.Verdict, result.Workflow!.State));
    }

    [Fact]
    public async Task A_wait_that_cannot_succeed_ends_at_once()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal(
            WaitVerdict.Ended,
            (await engine.Operations.WaitAsync(id, ["Ask"], TimeSpan.FromMinutes(1), Stop)).Verdict
        );
        Assert.Equal(
            WaitVerdict.NotFound,
            (await engine.Operations.WaitAsync(id + 1, [], TimeSpan.FromMinutes(1), Stop)).Verdict
        );
    }

    private static Task<OperationResult> MoveAsync(EngineHarness engine, long id, string state) =>
        engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = id,
                State = state,
                Actor = "tester",
            },
            Stop
        );

    private static Task<EngineHarness> StartAsync(
        StoreKind kind,
        Func<StepContext, Task<NextState>>? function = null
    ) =>
        EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", function ?? (_ => Task.FromResult(NextState.GoTo("Done"))))),
            // Tests await a one-second timer, which must not be the one of the repairer.
            new EngineOptions { StuckWorkflowsInterval = TimeSpan.FromMinutes(7) }
        );
}
