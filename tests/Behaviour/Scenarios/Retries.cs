namespace GopherFlow.Behaviour;

/// <summary>Retries with linearly growing delays, until none is left.</summary>
internal sealed class LinearRetry : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)))
                .Start("Work", Fail, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Fail(StepContext step) => throw new InvalidOperationException($"run {step.Attempt}");

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, "Work", TimeSpan.FromSeconds(10));
        await scene.PassAsync(id, "Work", TimeSpan.FromSeconds(20));
        var failed = await scene.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal(("Work", 3, 2), (failed.State, failed.ExecutionCount, failed.RetryCount));
        await scene.HistoryIsAsync(
            id,
            "CREATED Work: Created",
            "ERROR Work: InvalidOperationException: run 1",
            "RETRY Work: Retry at 2026-01-01T00:00:10Z",
            "ERROR Work: InvalidOperationException: run 2",
            "RETRY Work: Retry at 2026-01-01T00:00:30Z",
            "ERROR Work: InvalidOperationException: run 3",
            $"FAILED Work: Max retry count reached for workflow id:{id} count :2"
        );
    }
}

/// <summary>Retries with doubling delays and jitter, up to the maximum.</summary>
internal sealed class ExponentialRetry : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Exponential(4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)))
                .Start("Work", FailAsync, ["Done"])
                .End("Done")
                .Build()
        );

    private static async Task<NextState> FailAsync(StepContext step)
    {
        await Task.Yield();
        return step.Attempt < 5 ? throw new InvalidOperationException("not yet") : GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();

        // The random number of the harness gives the middle of the jitter, which is three quarters of the full delay.
        foreach (var seconds in new[] { 7.5, 15, 30, 45 })
        {
            await scene.PassAsync(id, "Work", TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(5, (await scene.UntilAsync(id, WorkflowStatus.Finished)).ExecutionCount);
    }
}

/// <summary>The retry count restarts with each state.</summary>
internal sealed class CountBeginsAnew : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero))
                .Start("First", step => FailOnce(step, "Second"), ["Second"])
                .State("Second", step => FailOnce(step, "Done"), ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState FailOnce(StepContext step, string next) =>
        step.Attempt == 1 ? throw new InvalidOperationException("once") : GoTo(next);

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal((4, 2, 0), (done.ExecutionCount, done.Step, done.RetryCount));
    }
}

/// <summary>A state has its own retry policy, while that of the workflow allows no retry.</summary>
internal sealed class OwnPolicy : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Patient>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, "First", TimeSpan.FromSeconds(5));
        var failed = await scene.UntilAsync(id, WorkflowStatus.Failed);

        Assert.Equal(("Second", 3), (failed.State, failed.ExecutionCount));
    }

    [Workflow(nameof(OwnPolicy))]
    private sealed class Patient : Workflow
    {
        [End]
        public const string Done = "Done";

        protected override RetryPolicy Retry => RetryPolicy.None;

        [Start, Retry(1, 5, 5), GoesTo(nameof(Second))]
        public NextState First() =>
            Step.Attempt == 1 ? throw new InvalidOperationException("once") : GoTo(nameof(Second));

        [State, GoesTo(Done)]
        public NextState Second() => throw new InvalidOperationException("for good");
    }
}

/// <summary>A non-retryable error.</summary>
internal sealed class NotRetryable : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Retry(RetryPolicy.Linear(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)))
                .Start("Work", Fail, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Fail(StepContext step) => throw new NotRetryableException("no such customer");

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed);

        await scene.HistoryIsAsync(
            failed.Id,
            "CREATED Work: Created",
            "ERROR Work: NotRetryableException: no such customer",
            "FAILED Work: The error is not retryable"
        );
    }
}

/// <summary>States that exceed their timeout: one respects its token, the other ignores it.</summary>
internal sealed class Timeouts : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Dawdler>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("listening");
        scene.Engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await scene.PassAsync(id, "Listening", TimeSpan.FromSeconds(10));
        await scene.Gates.ReachedAsync("deaf");
        scene.Engine.Clock.Advance(TimeSpan.FromSeconds(7));
        await scene.PassAsync(id, "Deaf", TimeSpan.FromSeconds(10));
        await scene.UntilAsync(id, WorkflowStatus.Finished);

        await scene.HistoryHasAsync(
            id,
            "ERROR Listening: TimeoutException: State 'Listening' did not finish within 00:00:05."
        );
        await scene.HistoryHasAsync(id, "ERROR Deaf: TimeoutException: State 'Deaf' did not finish within 00:00:07.");
    }

    [Workflow(nameof(Timeouts))]
    private sealed class Dawdler(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        protected override RetryPolicy Retry =>
            RetryPolicy.Linear(1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));

        [Start, Timeout(5), GoesTo(nameof(Deaf))]
        public async Task<NextState> Listening(CancellationToken stop)
        {
            if (Step.Attempt == 1)
            {
                await gates.PassAsync("listening").WaitAsync(stop);
            }

            return GoTo(nameof(Deaf));
        }

        [State, Timeout(7), GoesTo(Done)]
        public async Task<NextState> Deaf()
        {
            if (Step.Attempt == 1)
            {
                await gates.PassAsync("deaf");
            }

            return GoTo(Done);
        }
    }
}

/// <summary>The key and the number of each attempt.</summary>
internal sealed class StepKeys : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Noting>();

    protected override async Task PlayAsync(Scene scene)
    {
        await scene.RunAsync(WorkflowStatus.Finished);

        Assert.Equal(["one:0 1", "one:0 2", "one:1 1", "one:1 2"], scene.Notes.Lines);
    }

    [Workflow(nameof(StepKeys))]
    private sealed class Noting(Notebook notes) : Workflow
    {
        [End]
        public const string Done = "Done";

        protected override RetryPolicy Retry => RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero);

        [Start, GoesTo(nameof(Second))]
        public NextState First() => Note(nameof(Second));

        [State, GoesTo(Done)]
        public NextState Second() => Note(Done);

        private NextState Note(string next)
        {
            notes.Write($"{Step.StepKey} {Step.Attempt}");
            return Step.Attempt == 1 ? throw new InvalidOperationException("once") : GoTo(next);
        }
    }
}
