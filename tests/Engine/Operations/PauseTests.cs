using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Storage;
using GopherFlow.TestSupport;
using static GopherFlow.Engine.Tests.Operations.Families;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Pausing and resuming workflows, on every store.</summary>
public sealed class PauseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Pause_lets_the_running_step_end_and_resume_continues_from_there(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.TwoStates("W", work.RunAsync, _ => Task.FromResult(NextState.GoTo("Done"))))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        var asked = await engine.Interventions.PauseAsync(id, "ann", Stop);
        Assert.Equal(WorkflowStatus.Executing, asked.CurrentStatus);
        work.Release("Second");
        var paused = await engine.UntilAsync(id, WorkflowStatus.Paused);
        engine.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Second", paused.State);
        Assert.Equal(paused, await engine.FindAsync(id));

        var resumed = await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal(OperationVerdict.Changed, resumed.Verdict);
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal(
            [
                "CREATED First: Created",
                "PAUSED First: To be paused when its step has ended (by ann)",
                "TRANSITION First: From First to Second",
                "PAUSED Second: Paused",
                "RESUMED Second: Resumed (by ann)",
                "TRANSITION Second: From Second to Done",
                "END Done: workflow complete",
            ],
            await engine.HistoryAsync(id)
        );
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_pause_undone_before_the_step_has_ended_changes_nothing(StoreKind kind)
    {
        var work = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", work.RunAsync))
        );
        var id = await engine.CreateAsync("W");
        await work.Entered;

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);
        work.Release("Done");

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_workflow_paused_while_parked_keeps_its_due_time(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(kind, g => g.AddDefinition(Sleeper()));
        var id = await engine.CreateAsync("Sleeper");
        var parked = await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        var paused = await engine.FindAsync(id);
        Assert.Equal(
            (WorkflowStatus.Paused, null, parked.NextActivation),
            (paused.Status, paused.NextActivation, paused.HeldActivation)
        );
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        var resumed = await engine.FindAsync(id);
        Assert.Equal(
            (WorkflowStatus.InProgress, parked.NextActivation, null),
            (resumed.Status, resumed.NextActivation, resumed.HeldActivation)
        );
        Assert.Equal(OperationVerdict.Conflict, (await engine.Interventions.ResumeAsync(id, "ann", Stop)).Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_manual_state_can_be_paused_and_waits_again_after_resume(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.Waiting);

        await engine.Interventions.PauseAsync(id, "ann", Stop);
        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        Assert.Equal(WorkflowStatus.Waiting, (await engine.FindAsync(id)).Status);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Children_that_end_while_their_parent_is_paused_are_counted(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Parent()).AddDefinition(Sleeper())
        );
        var id = await engine.CreateAsync("Parent");
        await engine.UntilAsync(id, workflow => workflow.AwaitsChildren);
        await engine.Interventions.PauseAsync(id, "ann", Stop);
        foreach (var child in await engine.Store.ChildrenAsync(new ChildSearch(id), Stop))
        {
            await engine.Interventions.CancelAsync(new() { WorkflowId = child.Id, Actor = "ann" }, Stop);
        }

        Assert.Equal(WorkflowStatus.Paused, (await engine.FindAsync(id)).Status);
        await engine.Interventions.ResumeAsync(id, "ann", Stop);

        await engine.UntilAsync(id, WorkflowStatus.Finished);
    }
}
