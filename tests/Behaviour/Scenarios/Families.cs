namespace GopherFlow.Behaviour;

/// <summary>Children are created with the commit of the step, with inherited and with explicit values.</summary>
internal sealed class ChildrenOfTheCommit : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Quick];

    protected override EngineOptions Options => new() { ExecutorGroups = ["default", "fast"] };

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddQuickChild().AddDefinition(Machine().Start("Work", Work, ["Done"]).End("Done").Build());

    private static NextState Work(StepContext step)
    {
        var own = new ChildRequest(Children.Quick, "own")
        {
            ExternalId = "mine",
            ExecutorGroup = "default",
            Priority = 1,
        };
        return GoTo("Done")
            .Spawn(new ChildRequest(Children.Quick, "heir"))
            .Spawn([own.With("a", "text").With<int[]>("b", [1, 2])]);
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var created = await scene.Engine.Operations.CreateAsync(
            new()
            {
                ExternalId = "p",
                WorkflowType = Name,
                BusinessKey = "k",
                ExecutorGroup = "fast",
                Priority = 3,
            },
            Scene.Stop
        );
        await scene.UntilAsync(created.Id, WorkflowStatus.Finished);

        var children = await scene.ChildrenAsync(created.Id);
        Assert.Equal(
            [("p:0/1", "heir", "fast", 3, "{}"), ("mine", "own", "default", 1, """{"a":"text","b":[1,2]}""")],
            children.Select(child =>
                (child.ExternalId, child.BusinessKey, child.ExecutorGroup, child.Priority, child.StateVars)
            )
        );
        await scene.HistoryHasAsync(created.Id, "CHILD_CREATED Done: Created 2 child workflows of type QuickChild");
        foreach (var child in children)
        {
            await scene.UntilAsync(child.Id, WorkflowStatus.Finished);
        }
    }
}

/// <summary>Children are loaded on each call, with their current values.</summary>
internal sealed class LazyChildren : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddGatedChild().AddWorkflow<Parent>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("between");
        var child = Assert.Single(await scene.ChildrenAsync(id));
        scene.Gates.Open("child", "Done");
        await scene.UntilAsync(child.Id, WorkflowStatus.Finished);
        scene.Gates.Open("between");
        await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("Finished one:0/1 child GatedChild Done", scene.Notes.Lines[^1]);
        Assert.DoesNotContain("Finished", scene.Notes.Lines[0]);
        Assert.Equal(2, scene.Notes.Lines.Count);
    }

    [Workflow(nameof(LazyChildren))]
    private sealed class Parent(Gates gates, Notebook notes) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Look))]
        public NextState Spawn() => GoTo(nameof(Look)).Spawn(new ChildRequest(Children.Gated, "child"));

        [State, GoesTo(Done)]
        public async Task<NextState> Look()
        {
            await NoteAsync();
            await gates.PassAsync("between");
            await NoteAsync();
            return GoTo(Done);
        }

        private async Task NoteAsync()
        {
            foreach (var child in await Step.GetChildrenAsync())
            {
                notes.Write(
                    $"{child.Status} {child.ExternalId} {child.BusinessKey} {child.WorkflowType} {child.State}"
                );
            }
        }
    }
}

/// <summary>A child wakes its parked parent.</summary>
internal sealed class WakeAsleep : Scenario
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
        scene.Gates.Open("child", "Done");
        await scene.UntilAsync(id, WorkflowStatus.Finished);

        await scene.HistoryHasAsync(id, "CHILD_WAKE Done: Child Initiated Wake");
    }
}

/// <summary>A wake that arrives while the parent runs is kept until it parks.</summary>
internal sealed class WakeRunning : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) => flow.AddGatedChild().AddWorkflow<Parent>();

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.Gates.ReachedAsync("running");
        var child = Assert.Single(await scene.ChildrenAsync(id));
        scene.Gates.Open("child", "Done");
        await scene.UntilAsync(child.Id, WorkflowStatus.Finished);
        scene.Gates.Open("running");
        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal(("""{"runs":2}""", 3), (done.StateVars, done.Step));
    }

    [Workflow(nameof(WakeRunning))]
    private sealed class Parent(Gates gates) : Workflow
    {
        [End]
        public const string Done = "Done";

        [Start, GoesTo(nameof(Second))]
        public NextState First() => GoTo(nameof(Second)).Spawn(new ChildRequest(Children.Gated, "child"));

        [State, GoesTo(nameof(Second), Done)]
        public async Task<NextState> Second()
        {
            var runs = Variables.Get("runs", 0) + 1;
            Variables.Set("runs", runs);
            await gates.PassAsync("running");
            return runs == 1 ? GoTo(nameof(Second)).After(TimeSpan.FromDays(1)) : GoTo(Done);
        }
    }
}
