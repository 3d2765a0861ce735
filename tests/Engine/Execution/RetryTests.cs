using System.Runtime.CompilerServices;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>Failed attempts.</summary>
public sealed class RetryTests
{
    private static readonly RetryPolicy TwoRetries = RetryPolicy.Linear(
        2,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30)
    );

    [Theory]
    [InlineData(typeof(TimeoutException), 10)]
    [InlineData(typeof(FileNotFoundException), 3)]
    [InlineData(typeof(IOException), 3)]
    [InlineData(typeof(ArgumentNullException), null)]
    public async Task An_exception_type_can_have_its_own_policy(Type exception, int? seconds)
    {
        var policy = TwoRetries
            .On<IOException>(RetryPolicy.Linear(1, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)))
            .On<ArgumentException>(RetryPolicy.None)
            .On<FileNotFoundException>(RetryPolicy.None);
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", _ => throw (Exception)Activator.CreateInstance(exception)!, policy)
                )
        );

        var id = await engine.CreateAsync("W");

        var failed = await engine.UntilAsync(id, workflow => workflow.LastError is not null);
        Assert.Equal(
            (seconds is null ? WorkflowStatus.Failed : WorkflowStatus.InProgress, Due()),
            (failed.Status, failed.NextActivation)
        );

        DateTimeOffset? Due() => seconds is { } after ? engine.Clock.GetUtcNow().AddSeconds(after) : null;
    }

    [Fact]
    public void A_state_adds_its_policies_to_those_of_the_workflow()
    {
        var (definition, faults) = WorkflowClassReader.Read(typeof(Picky));

        Assert.Empty(faults);
        var policy = definition.RetryOf(definition.States.First(state => state.Name == nameof(Picky.Work)));
        Assert.Equal(2, policy.For(new InvalidOperationException()).MaxRetries);
        Assert.Equal(0, policy.For(new ArgumentException()).MaxRetries);
        Assert.Equal(TimeSpan.FromSeconds(5), policy.For(new TimeoutException()).MinDelay);
    }

    [Fact]
    public void A_policy_for_a_type_is_validated_too()
    {
        var faulty = Assert.Throws<InvalidDefinitionException>(() =>
            new GopherFlowRegistration()
                .AddDefinition(
                    Machines.OneState(
                        "W",
                        _ => throw new InvalidOperationException(),
                        TwoRetries.On<IOException>(RetryPolicy.Linear(-1, TimeSpan.Zero, TimeSpan.Zero))
                    )
                )
                .Build()
        );

        Assert.Contains("-1 retries; 0 or more are expected", faulty.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task N_retries_are_N_plus_one_runs_before_the_workflow_fails(StoreKind kind)
    {
        var runs = 0;
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", Fail, TwoRetries))
        );

        var id = await engine.CreateAsync("W");
        var first = await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);
        Assert.Equal(engine.Clock.GetUtcNow().AddSeconds(10), first.NextActivation);
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        var second = await engine.UntilAsync(id, workflow => workflow.RetryCount == 2);
        Assert.Equal(engine.Clock.GetUtcNow().AddSeconds(20), second.NextActivation);
        engine.Clock.Advance(TimeSpan.FromSeconds(20));
        var failed = await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal(3, runs);
        Assert.Equal(3, failed.ExecutionCount);
        Assert.Equal(
            [
                "CREATED Work: Created",
                "ERROR Work: InvalidOperationException: run 1",
                "RETRY Work: Retry at 2026-01-01T00:00:10Z",
                "ERROR Work: InvalidOperationException: run 2",
                "RETRY Work: Retry at 2026-01-01T00:00:30Z",
                "ERROR Work: InvalidOperationException: run 3",
                $"FAILED Work: Max retry count reached for workflow id:{id} count :2",
            ],
            await engine.HistoryAsync(id)
        );

        NextState Fail(StepContext step) => throw new InvalidOperationException($"run {++runs}");
    }

    [Fact]
    public async Task Each_failed_attempt_is_logged_once_with_exception_and_stack_trace()
    {
        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState(
                        "W",
                        FailDeep,
                        RetryPolicy.Linear(1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10))
                    )
                ),
            loggers: logs
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.RetryCount == 1);
        // A failure is logged after its commit, and the next attempt may already run at that time.
        await EngineHarness.UntilLoggedAsync(logs, "retry 1 follows");
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        await engine.UntilAsync(id, WorkflowStatus.Failed);
        await EngineHarness.UntilLoggedAsync(logs, "failed in state Work");

        Assert.Equal(["attempt 1", "attempt 2"], logs.Failures.Select(failure => failure.Message));
        Assert.All(logs.Failures, failure => Assert.Contains(nameof(Deep), failure.StackTrace));
        Assert.Equal(
            [
                $"Warning: Workflow {id} (W), state Work: attempt failed, retry 1 follows: InvalidOperationException: attempt 1 (attempt 1)",
                $"Error: Workflow {id} (W) failed in state Work: InvalidOperationException: attempt 2 (attempt 2)",
            ],
            logs.Lines.Where(line => line.Contains("InvalidOperationException", StringComparison.Ordinal))
        );

        static NextState FailDeep(StepContext step) => Deep(step.Attempt);
    }

    [Fact]
    public async Task The_exception_of_an_OnCommit_callback_is_logged_with_its_stack_trace()
    {
        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.Sqlite,
            g => g.AddDefinition(Machines.OneState("W", FailOnCommit, RetryPolicy.None)),
            loggers: logs
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);
        await EngineHarness.UntilLoggedAsync(logs, "failed in state Work");

        Assert.Contains(nameof(Deep), Assert.Single(logs.Failures).StackTrace);

        static NextState FailOnCommit(StepContext step)
        {
            step.OnCommit((_, _, _) => Task.FromResult(Deep(step.Attempt)));
            return NextState.GoTo("Done");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NextState Deep(int attempt) => throw new InvalidOperationException($"attempt {attempt}");

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_failed_attempt_leaves_no_variables_and_the_next_one_may_succeed(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", FailOnce, TwoRetries))
        );

        var id = await engine.CreateAsync("W");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal("{}", parked.StateVars);
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        var done = await engine.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"attempt":2}""", done.StateVars);
        Assert.Equal((0, 2, 1), (done.RetryCount, done.ExecutionCount, done.Step));

        static NextState FailOnce(StepContext step)
        {
            step.Variables.Set("attempt", step.Attempt);
            return step.Attempt == 1 ? throw new InvalidOperationException("not yet") : NextState.GoTo("Done");
        }
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task The_retry_count_restarts_with_each_state(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        FailOnce("Second"),
                        FailOnce("Done"),
                        RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero)
                    )
                )
        );

        var id = await engine.CreateAsync("W");

        Assert.Equal(4, (await engine.UntilAsync(id, WorkflowStatus.Finished)).ExecutionCount);

        static Func<StepContext, Task<NextState>> FailOnce(string next) =>
            step =>
                step.Attempt == 1 ? throw new InvalidOperationException("once") : Task.FromResult(NextState.GoTo(next));
    }

    [Fact]
    public async Task A_NotRetryableException_fails_at_once()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g =>
                g.AddDefinition(
                    Machines.OneState("W", _ => throw new NotRetryableException("no such customer"), TwoRetries)
                )
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal(
            [
                "CREATED Work: Created",
                "ERROR Work: NotRetryableException: no such customer",
                "FAILED Work: The error is not retryable",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Fact]
    public async Task A_state_that_returns_null_has_failed()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", _ => (NextState)null!))
        );

        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Contains(
            "ERROR Work: InvalidOperationException: State 'Work' returned null instead of a NextState.",
            await engine.HistoryAsync(id)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_state_that_exceeds_its_timeout_fails_whether_or_not_it_respects_its_token(bool listens)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<NextState>();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            g => g.AddDefinition(Machines.OneState("W", Dawdle, timeout: TimeSpan.FromSeconds(5)))
        );

        var id = await engine.CreateAsync("W");
        await entered.Task;
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await engine.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Contains(
            "ERROR Work: TimeoutException: State 'Work' did not finish within 00:00:05.",
            await engine.HistoryAsync(id)
        );

        async Task<NextState> Dawdle(StepContext step)
        {
            entered.SetResult();
            return await never.Task.WaitAsync(listens ? step.Cancellation : CancellationToken.None);
        }
    }

    private sealed class Picky : Workflow
    {
        protected internal override RetryPolicy Retry => TwoRetries.On<ArgumentException>(RetryPolicy.None);

        [Start, GoesTo(Done), RetryOn(typeof(TimeoutException), 100, minSeconds: 5, maxSeconds: 5)]
        public NextState Work() => GoTo(Done);

        [End]
        public const string Done = "Done";
    }
}
