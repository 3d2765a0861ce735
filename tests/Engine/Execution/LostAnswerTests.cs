using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The store has written, or rejected the write, and the executor must cope with a lost answer or an error.</summary>
public sealed class LostAnswerTests
{
    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_commit_whose_answer_is_lost_is_written_once(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var lost = 0;
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Transient = trouble => trouble is TimeoutException,
            Write = async (batch, write) =>
            {
                var result = await write();
                return batch.Events.Count > 0 && ++lost == 1
                    ? throw new TimeoutException("the answer is lost")
                    : result;
            },
        };
        var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        _ => Task.FromResult(NextState.GoTo("Second")),
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                ),
            loggers: logs,
            wrapped: intercepted
        );

        var id = await engine.CreateAsync("W");
        await engine.TurnUntilAsync(id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.Equal(
            [
                "CREATED First: Created",
                "TRANSITION First: From First to Second",
                "TRANSITION Second: From Second to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Fact]
    public async Task A_wait_for_the_end_completes_although_the_answer_of_the_last_commit_is_lost()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var intercepted = new InterceptedStore(store.Workflows) { Transient = trouble => trouble is TimeoutException };
        var lost = 0;
        intercepted.Write = async (batch, write) =>
        {
            var result = await write();
            return batch.Events.Count > 0 && ++lost == 1 ? throw new TimeoutException("the answer is lost") : result;
        };
        var goOn = NewSignal();
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", WorkAsync)),
            wrapped: intercepted
        );
        var id = await engine.CreateAsync("W");
        var ending = engine.Operations.EndAsync(id, TestContext.Current.CancellationToken);

        goOn.SetResult();
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromMilliseconds(50));

        var ended = await ending.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(WorkflowStatus.Finished, ended!.Status);

        async Task<NextState> WorkAsync(StepContext step)
        {
            await goOn.Task;
            return NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_claim_whose_answer_is_lost_is_released_and_claimed_again(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var lost = NewSignal();
        var intercepted = new InterceptedStore(store.Workflows);
        intercepted.Claim = async (_, claim) =>
        {
            var result = await claim();
            return result.Claimed.Count > 0 && lost.TrySetResult()
                ? throw new TimeoutException("the answer is lost")
                : result;
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Done"))),
            wrapped: intercepted
        );

        var created = await engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "x",
                WorkflowType = "W",
                BusinessKey = "k",
                NextActivation = clock.GetUtcNow().AddSeconds(1),
            },
            TestContext.Current.CancellationToken
        );
        await engine.TurnUntilAsync(created.Id, workflow => workflow.Status == WorkflowStatus.Finished);

        Assert.True(lost.Task.IsCompleted);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_step_that_cannot_be_written_is_a_failed_attempt(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Write = (batch, write) =>
                batch.Events.Any(each => each.Event is StepSucceeded { StateVars.Length: > 1000 })
                    ? throw new InvalidOperationException("too large for this database")
                    : write(),
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            g =>
                g.AddDefinition(Machines.Trivial("Good"))
                    .AddDefinition(
                        Machines.OneState(
                            "Large",
                            step =>
                            {
                                step.Variables["x"] = new string('x', 1000);
                                return NextState.GoTo("Done");
                            }
                        )
                    ),
            wrapped: intercepted
        );

        var large = await engine.CreateAsync("Large", "large");
        var good = await engine.CreateAsync("Good", "good");
        await engine.UntilAsync(good, WorkflowStatus.Finished);
        await engine.UntilAsync(large, WorkflowStatus.Failed);

        Assert.Contains(
            "ERROR Work: InvalidOperationException: too large for this database",
            await engine.HistoryAsync(large)
        );
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
