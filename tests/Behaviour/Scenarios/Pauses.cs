using GopherFlow.Operations;

namespace GopherFlow.Behaviour;

/// <summary>A running step ends before its workflow pauses. After a resume, the workflow continues with the next step.</summary>
internal sealed class PauseAndResume : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) => flow.AddWorkflow<InTwoSteps>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("first");

        var asked = await scene.Engine.Interventions.PauseAsync(id, "ann", Scene.Stop);
        Assert.Equal(WorkflowStatus.Executing, asked.CurrentStatus);
        scene.Gates.Open("first");
        var paused = await scene.UntilAsync(id, WorkflowStatus.Paused);
        Assert.Equal(("Second", """{"first":"ran"}"""), (paused.State, paused.StateVars));
        scene.Engine.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(paused, await scene.Engine.FindAsync(id));

        await scene.Engine.Interventions.ResumeAsync(id, "bob", Scene.Stop);

        await scene.UntilAsync(id, WorkflowStatus.Finished);
        await scene.HistoryIsAsync(
            id,
            "CREATED First: Created",
            "PAUSED First: To be paused when its step has ended (by ann)",
            "TRANSITION First: From First to Second",
            "PAUSED Second: Paused",
            "RESUMED Second: Resumed (by bob)",
            "TRANSITION Second: From Second to Done",
            "END Done: workflow complete"
        );
    }

    [Workflow(nameof(PauseAndResume))]
    private sealed class InTwoSteps(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Second))]
        public async Task<NextState> First()
        {
            await gates.PassAsync("first");
            Variables["first"] = "ran";
            return GoTo(nameof(Second));
        }

        [State, GoesTo(Done)]
        public NextState Second() => GoTo(Done);
    }
}

/// <summary>A child does not wake a paused parent. The wake is kept until the resume.</summary>
internal sealed class PauseAgainstWake : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddGatedChild()
            .AddDefinition(
                Machine()
                    .Start(
                        "First",
                        _ =>
                            GoTo("Second").Spawn(new ChildRequest(Children.Gated, "child")).After(TimeSpan.FromDays(1)),
                        ["Second"]
                    )
                    .State("Second", _ => GoTo("Done"), ["Done"])
                    .End("Done")
                    .Build()
            );

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.ParkedAsync(id, "Second", TimeSpan.FromDays(1));
        await scene.Engine.Interventions.PauseAsync(id, "ann", Scene.Stop);

        scene.Gates.Open("child", "Done");
        await scene.UntilAsync((await scene.ChildrenAsync(id))[0].Id, WorkflowStatus.Finished);
        var paused = await scene.Engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Paused, true), (paused.Status, paused.Woken));
        var resumed = await scene.Engine.Interventions.ResumeAsync(id, "ann", Scene.Stop);

        Assert.Equal(OperationVerdict.Changed, resumed.Verdict);
        await scene.UntilAsync(id, WorkflowStatus.Finished);
    }
}
