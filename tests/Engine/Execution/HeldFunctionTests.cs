using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Functions that keep running after their attempt is over.</summary>
public sealed class HeldFunctionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim gate = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => gate.Dispose();

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_function_that_blocks_beyond_its_timeout_fails_and_commits_nothing(StoreKind kind)
    {
        var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Block, timeout: Limit)),
            loggers: logs
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        engine.Clock.Advance(Limit);
        await engine.UntilAsync(id, WorkflowStatus.Failed);
        await EngineHarness.UntilLoggedAsync(logs, $"Workflow {id} (W), state Work: the attempt is over");
        gate.Set();
        await EngineHarness.UntilLoggedAsync(logs, "has returned after its attempt was over");

        var failed = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Failed, "{}"), (failed.Status, failed.StateVars));
        Assert.Contains(
            "ERROR Work: TimeoutException: State 'Work' did not finish within 00:00:01.",
            await engine.HistoryAsync(id)
        );
    }

    [Fact]
    public async Task The_default_timeout_applies_to_a_state_without_its_own()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", Block)),
            new EngineOptions { StateTimeout = Limit }
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        engine.Clock.Advance(Limit);
        await engine.UntilAsync(id, WorkflowStatus.Failed);
        gate.Set();
    }

    [Fact]
    public async Task A_slot_stays_taken_until_the_function_returns()
    {
        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(Machines.OneState("Slow", Block, timeout: Limit))
                    .AddDefinition(Machines.Trivial("Quick")),
            new EngineOptions { ExecutorSize = 1 },
            logs
        );
        var slow = await engine.CreateAsync("Slow", "slow");
        await entered.Task;
        engine.Clock.Advance(Limit);
        await engine.UntilAsync(slow, WorkflowStatus.Failed);
        await EngineHarness.UntilLoggedAsync(logs, "the attempt is over");

        var quick = await engine.CreateAsync("Quick", "quick");
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(WorkflowStatus.New, (await engine.FindAsync(quick)).Status);
        Assert.Equal(
            ["No slot is left: 1 functions have not returned although their attempts are over."],
            engine.Health.Reasons
        );
        gate.Set();

        await engine.UntilAsync(quick, WorkflowStatus.Finished);
        Assert.True(engine.Health.IsReady);
    }

    [Fact]
    public async Task A_stop_releases_the_claim_of_a_function_that_does_not_return()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", Block)),
            new EngineOptions { GracePeriod = Limit }
        );
        var id = await engine.CreateAsync("W");
        await entered.Task;

        var stopping = engine.StopAsync();
        await engine.Clock.AdvanceWhenAwaitedAsync(Limit);
        Assert.True(await stopping);

        Assert.Equal(WorkflowStatus.InProgress, (await engine.FindAsync(id)).Status);
        gate.Set();
    }

    [Fact]
    public async Task A_cancellation_callback_that_throws_is_logged_and_one_that_blocks_delays_nothing()
    {
        var logs = new LogCollector();
        using var registered = new SemaphoreSlim(0);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(Machines.OneState("Throws", step => WaitAsync(step, Throw), timeout: Limit))
                    .AddDefinition(
                        Machines.OneState("Blocks", step => WaitAsync(step, () => Block(step)), timeout: Limit)
                    ),
            loggers: logs
        );
        var throws = await engine.CreateAsync("Throws", "throws");
        var blocks = await engine.CreateAsync("Blocks", "blocks");

        // A callback registered on a token that is already cancelled would run, and throw, in the function itself.
        await registered.WaitAsync(TestContext.Current.CancellationToken);
        await registered.WaitAsync(TestContext.Current.CancellationToken);
        await engine.TurnUntilAsync(throws, workflow => workflow.Status == WorkflowStatus.Failed);
        await engine.TurnUntilAsync(blocks, workflow => workflow.Status == WorkflowStatus.Failed);
        await entered.Task;
        await EngineHarness.UntilLoggedAsync(logs, "a callback registered with the step's token failed");
        gate.Set();

        static void Throw() => throw new InvalidOperationException("of the author");

        async Task<NextState> WaitAsync(StepContext step, Action callback)
        {
            step.Cancellation.Register(callback);
            registered.Release();
            await Task.Delay(Timeout.Infinite, step.Cancellation);
            return NextState.GoTo("Done");
        }
    }

    private Task<NextState> Block(StepContext step)
    {
        entered.SetResult();
        gate.Wait();
        step.Variables["late"] = "1";
        return Task.FromResult(NextState.GoTo("Done"));
    }
}
