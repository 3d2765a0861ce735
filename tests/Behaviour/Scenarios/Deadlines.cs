using System.Globalization;

namespace GopherFlow.Behaviour;

/// <summary>A signal does not arrive before the deadline.</summary>
internal sealed class SignalDeadline : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start(
                    "Bill",
                    _ => WaitFor("paid").OrAfter(TimeSpan.FromDays(3), "Remind").Then("Ship"),
                    ["Ship", "Remind"]
                )
                .State("Ship", _ => GoTo("Done"), ["Done"])
                .State("Remind", Remind, ["Done"])
                .End("Done")
                .Build()
        );

    private static NextState Remind(StepContext step)
    {
        step.Variables["reminded"] = $"{step.Signal is null}";
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, "Ship", TimeSpan.FromDays(3));

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal("""{"reminded":"True"}""", done.StateVars);
        await scene.HistoryIsAsync(
            id,
            "CREATED Bill: Created",
            "TRANSITION Bill: From Bill to Ship",
            "SCHEDULE_ACTIVATION Ship: when signalled: paid, or Remind at 2026-01-04T00:00:00Z",
            "DEADLINE Ship: From Ship to Remind",
            "TRANSITION Remind: From Remind to Done",
            "END Done: workflow complete"
        );
    }
}

/// <summary>A manual state with a deadline at an instant: a person who acts before it wins.</summary>
internal sealed class PersonDeadline : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Begin", Begin, ["Ask"])
                .Manual("Ask", "Approved", "Escalated")
                .End("Approved")
                .End("Escalated")
                .Build()
        );

    private static NextState Begin(StepContext step) =>
        GoTo("Ask").OrAt(DateTimeOffset.Parse("2026-01-04T00:00:00Z", CultureInfo.InvariantCulture), "Escalated");

    protected override async Task PlayAsync(Scene scene)
    {
        var late = await scene.CreateAsync(externalId: "late");
        var early = await scene.CreateAsync(externalId: "early");
        await scene.UntilAsync(early, WorkflowStatus.Waiting);
        var waiting = await scene.UntilAsync(late, WorkflowStatus.Waiting);
        Assert.Equal(scene.Now + TimeSpan.FromDays(3), waiting.NextActivation);

        await scene.Engine.Interventions.MoveAsync(
            new()
            {
                WorkflowId = early,
                State = "Approved",
                Actor = "ann",
            },
            Scene.Stop
        );
        scene.Engine.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal("Escalated", (await scene.UntilAsync(late, WorkflowStatus.Finished)).State);
        Assert.Equal("Approved", (await scene.Engine.FindAsync(early)).State);
        await scene.HistoryHasAsync(late, "DEADLINE Ask: From Ask to Escalated");
    }
}

/// <summary>After the deadline of a join the children continue, but their parent no longer waits for them.</summary>
internal sealed class ChildrenDeadline : Scenario
{
    public override IReadOnlyList<string> Scripts => [Name, Children.Gated];

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddGatedChild()
            .AddDefinition(
                Machine()
                    .Start("Split", Split, ["Collect", "Late"])
                    .State("Collect", _ => GoTo("Done"), ["Done"])
                    .State("Late", LateAsync, ["Done"])
                    .End("Done")
                    .Build()
            );

    private static NextState Split(StepContext step) =>
        GoTo("Collect")
            .Spawn(new ChildRequest(Children.Gated, "quick"))
            .Spawn(new ChildRequest(Children.Gated, "slow"))
            .WhenChildrenFinished()
            .OrAfter(TimeSpan.FromDays(3), "Late");

    private static async Task<NextState> LateAsync(StepContext step)
    {
        var children = await step.GetChildrenAsync();
        step.Variables["open"] = string.Join(
            ' ',
            from child in children
            where !child.Status.IsFinal()
            select child.BusinessKey
        );
        return GoTo("Done");
    }

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.ParkedAsync(id, "Collect", TimeSpan.FromDays(3));
        var children = await scene.ChildrenAsync(id);
        scene.Gates.Open("quick", "Done");
        await scene.UntilAsync(children[0].Id, WorkflowStatus.Finished);
        await scene.PassAsync(id, "Collect", TimeSpan.FromDays(3));

        var done = await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("""{"open":"slow"}""", done.StateVars);
        await scene.HistoryHasAsync(id, "DEADLINE Collect: From Collect to Late");
        scene.Gates.Open("slow", "Done");
        await scene.UntilAsync(children[1].Id, WorkflowStatus.Finished);
    }
}

/// <summary>The state of a deadline must be declared, like every target.</summary>
internal sealed class UndeclaredDeadline : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("Bill", _ => WaitFor("paid").OrAfter(TimeSpan.FromDays(3), "Remind").Then("Ship"), ["Ship"])
                .State("Ship", _ => GoTo("Remind"), ["Remind"])
                .End("Remind")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var stopped = await scene.RunAsync(WorkflowStatus.Error);

        Assert.Equal("Invalid Transition: 'Bill' may go to Ship, but asked for 'Remind'", stopped.LastError);
    }
}
