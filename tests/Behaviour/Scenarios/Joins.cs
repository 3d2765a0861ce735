namespace GopherFlow.Behaviour;

/// <summary>A parent continues when all its children have ended, even if one has failed.</summary>
internal sealed class Join : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddGatedChild()
            .AddDefinition(
                Machine()
                    .Start("Split", Split, ["Collect"])
                    .State("Collect", CollectAsync, ["Done"])
                    .End("Done")
                    .Build()
            );

    private static NextState Split(StepContext step) =>
        GoTo("Collect")
            .Spawn(from number in Enumerable.Range(1, 3) select new ChildRequest(Children.Gated, $"child {number}"))
            .WhenChildrenFinished();

    private static async Task<NextState> CollectAsync(StepContext step)
    {
        var children = await step.GetChildrenAsync();
        step.Variables["ended"] = string.Join(", ", children.Select(child => $"{child.BusinessKey} {child.State}"));
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        var parked = await scene.UntilAsync(id, WorkflowStatus.InProgress);
        var children = await scene.ChildrenAsync(id);
        Assert.Equal((3, true, null), (parked.OpenChildren, parked.AwaitsChildren, parked.NextActivation));

        scene.Gates.Open("child 3", "Done");
        scene.Gates.Open("child 1", "Bad");
        await scene.UntilAsync(children[2].Id, WorkflowStatus.Finished);
        await scene.UntilAsync(children[0].Id, WorkflowStatus.Error);
        var waiting = await scene.Engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.InProgress, 1), (waiting.Status, waiting.OpenChildren));

        scene.Gates.Open("child 2", "Done");
        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"ended":"child 1 Bad, child 2 Done, child 3 Done"}""", done.StateVars);
        await scene.HistoryHasAsync(id, "SCHEDULE_ACTIVATION Collect: when the children have finished");
    }
}

/// <summary>A workflow that waits for children but has none continues at once.</summary>
internal sealed class JoinOfNone : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("First", _ => GoTo("Second").WhenChildrenFinished(), ["Second"])
                .State("Second", _ => GoTo("Done").WakeParent(), ["Done"])
                .End("Done")
                .Build()
        );

    protected override Task PlayAsync(Scene scene) => scene.RunAsync(WorkflowStatus.Finished);
}

/// <summary>A child of an unknown type fails the attempt, and no child is created.</summary>
internal sealed class UnknownChild : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Quick];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddQuickChild()
            .AddDefinition(Machine().Retry(RetryPolicy.None).Start("Work", Work, ["Done"]).End("Done").Build());

    private static NextState Work(StepContext step)
    {
        step.Variables["x"] = "1";
        return GoTo("Done").Spawn(new ChildRequest(Children.Quick, "good")).Spawn(new ChildRequest("Nobody", "bad"));
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var failed = await scene.RunAsync(WorkflowStatus.Failed);

        Assert.Equal("{}", failed.StateVars);
        Assert.Empty(await scene.ChildrenAsync(failed.Id));
        await scene.HistoryHasAsync(
            failed.Id,
            "ERROR Work: InvalidOperationException: There is no definition 'Nobody' for a child of state 'Work'."
        );
    }
}

/// <summary>A child whose external id is taken fails the attempt.</summary>
internal sealed class TakenChildId : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Quick];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddQuickChild()
            .AddDefinition(
                Machine()
                    .Retry(RetryPolicy.None)
                    .Start(
                        "Work",
                        _ => GoTo("Done").Spawn(new ChildRequest(Children.Quick, "k") { ExternalId = "taken" }),
                        ["Done"]
                    )
                    .End("Done")
                    .Build()
            );

    protected override async Task PlayAsync(Scene scene)
    {
        var first = await scene.Engine.CreateAsync(Children.Quick, "taken");
        await scene.UntilAsync(first, WorkflowStatus.Finished);

        var failed = await scene.RunAsync(WorkflowStatus.Failed);

        Assert.Empty(await scene.ChildrenAsync(failed.Id));
        Assert.Contains("'taken'", (await scene.Engine.HistoryAsync(failed.Id))[1]);
    }
}
