namespace GopherFlow.Behaviour;

/// <summary>A step that does not end within the grace period is cancelled and discarded.</summary>
internal sealed class CancelledOnStop : Scenario
{
    protected override EngineOptions Options => new() { GracePeriod = TimeSpan.FromSeconds(10) };

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Waiting>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("never");

        var stopping = scene.Engine.StopAsync();
        await scene.Engine.Clock.AdvanceWhenAwaitedAsync(Options.GracePeriod);
        await stopping;

        var left = await scene.Engine.FindAsync(id);
        Assert.Equal(("Work", WorkflowStatus.InProgress, "{}"), (left.State, left.Status, left.StateVars));
        Assert.Equal((0, 0, scene.Now), (left.RetryCount, left.ExecutionCount, left.NextActivation));
        await scene.HistoryIsAsync(id, "CREATED Work: Created");
    }

    [Workflow(nameof(CancelledOnStop))]
    private sealed class Waiting(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(Done)]
        public async Task<NextState> Work(CancellationToken stop)
        {
            Variables["x"] = "1";
            await gates.PassAsync("never").WaitAsync(stop);
            return GoTo(Done);
        }
    }
}

/// <summary>A step that ends within the grace period is committed, and the next step is left to another executor.</summary>
internal sealed class FinishedBeforeStop : Scenario
{
    protected override EngineOptions Options => new() { GracePeriod = TimeSpan.FromSeconds(10) };

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Waiting>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("first");

        var stopping = scene.Engine.StopAsync();
        scene.Gates.Open("first");
        await stopping;

        var left = await scene.Engine.FindAsync(id);
        Assert.Equal(("Second", WorkflowStatus.InProgress, 0), (left.State, left.Status, left.RetryCount));
        Assert.Equal(("""{"first":"done"}""", scene.Now), (left.StateVars, left.NextActivation));
        Assert.Empty(scene.Notes.Lines);
    }

    [Workflow(nameof(FinishedBeforeStop))]
    private sealed class Waiting(Gates gates, Notebook notes) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Second))]
        public async Task<NextState> First()
        {
            await gates.PassAsync("first");
            Variables["first"] = "done";
            return GoTo(nameof(Second));
        }

        [State, GoesTo(Done)]
        public NextState Second()
        {
            notes.Write("must not run");
            return GoTo(Done);
        }
    }
}
