namespace GopherFlow.Behaviour;

/// <summary>Parked for a duration.</summary>
internal sealed class AfterADuration : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("First", _ => GoTo("Second").After(TimeSpan.FromMinutes(10)), ["Second"])
                .State("Second", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.ParkedAsync(id, "Second", TimeSpan.FromMinutes(10));
        Assert.Equal("SCHEDULE_ACTIVATION Second: 2026-01-01T00:10:00Z", (await scene.Engine.HistoryAsync(id))[^1]);

        scene.Engine.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(WorkflowStatus.InProgress, (await scene.Engine.FindAsync(id)).Status);
        scene.Engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await scene.UntilAsync(id, WorkflowStatus.Finished);
    }
}

/// <summary>Parked until an instant, written in another time zone.</summary>
internal sealed class AtAnInstant : Scenario
{
    private static readonly DateTimeOffset Instant = new(2026, 1, 1, 5, 30, 0, TimeSpan.FromHours(5));

    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("First", _ => GoTo("Second").At(Instant), ["Second"])
                .State("Second", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, "Second", TimeSpan.FromMinutes(30));
        await scene.UntilAsync(id, WorkflowStatus.Finished);
        await scene.HistoryHasAsync(id, "SCHEDULE_ACTIVATION Second: 2026-01-01T00:30:00Z");
    }
}

/// <summary>An activation that is not in the future takes effect at once.</summary>
internal sealed class InThePast : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine()
                .Start("At", step => GoTo("After").At(step.Clock.GetUtcNow().AddDays(-1)), ["After"])
                .State("After", _ => GoTo("Zero").After(TimeSpan.FromMinutes(-1)), ["Zero"])
                .State("Zero", _ => GoTo("Done").After(TimeSpan.Zero), ["Done"])
                .End("Done")
                .Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var done = await scene.RunAsync(WorkflowStatus.Finished);

        await scene.HistoryIsAsync(
            done.Id,
            "CREATED At: Created",
            "TRANSITION At: From At to After",
            "TRANSITION After: From After to Zero",
            "TRANSITION Zero: From Zero to Done",
            "END Done: workflow complete"
        );
    }
}

/// <summary>A final state can be delayed too.</summary>
internal sealed class FinalStateWaits : Scenario
{
    public override void InCSharp(GopherFlowRegistration flow) =>
        flow.AddDefinition(
            Machine().Start("Work", _ => GoTo("Done").After(TimeSpan.FromHours(1.5)), ["Done"]).End("Done").Build()
        );

    protected override async Task PlayAsync(Scene scene)
    {
        var id = await scene.CreateAsync();
        await scene.PassAsync(id, "Done", TimeSpan.FromMinutes(90));
        await scene.UntilAsync(id, WorkflowStatus.Finished);

        Assert.Equal("END Done: workflow complete", (await scene.Engine.HistoryAsync(id))[^1]);
    }
}
