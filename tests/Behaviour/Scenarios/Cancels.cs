using GopherFlow.Operations;

namespace GopherFlow.Behaviour;

/// <summary>A cancel cancels the token of the running step, and nothing of the step is written.</summary>
internal sealed class CancelRunning : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Waiting>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("never");

        var result = await scene.Engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Scene.Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Work", WorkflowStatus.Cancelled), result.Workflow);
        await scene.Gates.LeftAsync("never");
        await scene.Engine.StopAsync();
        var cancelled = await scene.Engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, "{}"), (cancelled.Status, cancelled.StateVars));
        await scene.HistoryIsAsync(id, "CREATED Work: Created", "CANCELLED Work: Cancelled (by ann)");
    }

    [Workflow(nameof(CancelRunning))]
    private sealed class Waiting(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(Done)]
        public async Task<NextState> Work(CancellationToken stop)
        {
            Variables["x"] = "1";
            await gates.PassUnlessStoppedAsync("never", stop);
            return GoTo(Done);
        }
    }
}

/// <summary>A cancelled workflow goes to its clean-up state, which no transition leads to, and ends as that state decides.</summary>
internal sealed class CancelCleansUp : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<Booking>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.ParkedAsync(id, "Travel", TimeSpan.FromDays(1));

        await scene.Engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Scene.Stop);

        var undone = await scene.UntilAsync(id, WorkflowStatus.Error);
        Assert.Equal(("GivenUp", """{"seat":"given back"}"""), (undone.State, undone.StateVars));
        await scene.HistoryHasAsync(id, "CANCELLED Travel: Cancelled, cleans up in GiveBack (by ann)");
        await scene.HistoryHasAsync(id, "TRANSITION GiveBack: From GiveBack to GivenUp");
    }

    [Workflow(nameof(CancelCleansUp))]
    private sealed class Booking : Workflow
    {
        [Start, GoesTo(nameof(Travel))]
        public NextState Book()
        {
            Variables["seat"] = "booked";
            return GoTo(nameof(Travel)).After(TimeSpan.FromDays(1));
        }

        [State, GoesTo(Done)]
        public NextState Travel() => GoTo(Done);

        [End]
        public const string Done = "Done";

        [State, OnCancel, GoesTo(GivenUp)]
        public NextState GiveBack()
        {
            Variables["seat"] = "given back";
            return GoTo(GivenUp);
        }

        [Error]
        public const string GivenUp = "GivenUp";
    }
}

/// <summary>Children are cancelled with their parent on request, including running ones.</summary>
internal sealed class CancelChildren : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddGatedChild()
            .AddDefinition(
                Machine()
                    .Start("Split", Split, ["Collect"])
                    .State("Collect", _ => GoTo("Done"), ["Done"])
                    .End("Done")
                    .Build()
            );

    private static NextState Split(StepContext step) =>
        GoTo("Collect")
            .Spawn(new ChildRequest(Children.Gated, "a"))
            .Spawn(new ChildRequest(Children.Gated, "b"))
            .WhenChildrenFinished();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.UntilAsync(id, WorkflowStatus.InProgress);
        await scene.Gates.ReachedAsync("a");
        await scene.Gates.ReachedAsync("b");

        var result = await scene.Engine.Interventions.CancelAsync(
            new()
            {
                WorkflowId = id,
                Children = true,
                Actor = "ann",
            },
            Scene.Stop
        );
        scene.Gates.Open("a", "Done");
        scene.Gates.Open("b", "Done");
        await scene.Engine.StopAsync();

        Assert.Equal((WorkflowStatus.Cancelled, 2), (result.Workflow.CurrentStatus, result.Descendants));
        var parent = await scene.Engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, 0), (parent.Status, parent.OpenChildren));
        foreach (var child in await scene.ChildrenAsync(id))
        {
            Assert.Equal((WorkflowStatus.Cancelled, "Work"), (child.Status, child.State));
            await scene.HistoryIsAsync(
                child.Id,
                $"CREATED Work: Created by workflow {id}",
                "CANCELLED Work: Cancelled (by ann)"
            );
        }
    }
}
