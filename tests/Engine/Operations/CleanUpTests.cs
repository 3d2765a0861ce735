using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>The clean-up state that a cancelled workflow goes to, on every store.</summary>
public sealed class CleanUpTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Cancel_goes_to_the_clean_up_state_and_a_second_cancel_ends_it(StoreKind kind)
    {
        var undo = new Work();
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .State("Undo", undo.RunAsync, ["Undone"])
                        .End("Done")
                        .Error("Undone")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);

        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        await undo.Entered;
        Assert.Equal(WorkflowStatus.Executing, (await engine.FindAsync(id)).Status);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "bob" }, Stop);

        var ended = await engine.FindAsync(id);
        Assert.Equal((WorkflowStatus.Cancelled, "Undo"), (ended.Status, ended.State));
        Assert.Contains("CANCELLED Done: Cancelled, cleans up in Undo (by ann)", await engine.HistoryAsync(id));
        var again = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal(OperationVerdict.Conflict, again.Workflow.Verdict);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_second_cancel_ends_a_clean_up_past_its_first_state(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .State("Undo", _ => NextState.GoTo("Tell").After(TimeSpan.FromDays(1)), ["Tell"])
                        .State("Tell", _ => NextState.GoTo("Undone"), ["Undone"])
                        .End("Done")
                        .Error("Undone")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        await engine.UntilAsync(id, workflow => workflow.State == "Tell");

        var second = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "bob" }, Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Tell", WorkflowStatus.Cancelled), second.Workflow);
        Assert.Equal("CANCELLED Tell: Cancelled (by bob)", (await engine.HistoryAsync(id))[^1]);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_second_cancel_ends_a_clean_up_in_a_state_that_other_states_lead_to_as_well(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Tell").After(TimeSpan.FromDays(1)), ["Tell"])
                        .State("Undo", _ => NextState.GoTo("Tell").After(TimeSpan.FromDays(1)), ["Tell"])
                        .State("Tell", _ => NextState.GoTo("Done"), ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        var before = await engine.UntilAsync(id, WorkflowStatus.InProgress);
        Assert.Equal(("Tell", false), (before.State, before.IsCleaningUp));

        var first = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        Assert.Equal("Undo", first.Workflow.CurrentState);
        var cleaningUp = await engine.UntilAsync(id, workflow => workflow.State == "Tell");
        Assert.True(cleaningUp.IsCleaningUp);
        var second = await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "bob" }, Stop);

        Assert.Equal(new(OperationVerdict.Changed, "Tell", WorkflowStatus.Cancelled), second.Workflow);
        Assert.False((await engine.FindAsync(id)).IsCleaningUp);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Only_a_declared_move_by_a_person_continues_a_clean_up(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g =>
                g.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("W")
                        .OnCancel("Undo")
                        .Start("Work", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .State("Undo", _ => NextState.GoTo("Ask"), ["Ask"])
                        .Manual("Ask", "Tell")
                        .State("Tell", _ => NextState.GoTo("Done").After(TimeSpan.FromDays(1)), ["Done"])
                        .End("Done")
                        .Build()
                )
        );
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, WorkflowStatus.InProgress);
        await engine.Interventions.CancelAsync(new() { WorkflowId = id, Actor = "ann" }, Stop);
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        var move = new MoveWorkflow
        {
            WorkflowId = id,
            State = "Tell",
            Actor = "ann",
        };

        await engine.Interventions.MoveAsync(move, Stop);
        Assert.True((await engine.FindAsync(id)).IsCleaningUp);
        await engine.Interventions.MoveAsync(move with { State = "Work" }, Stop);
        Assert.False((await engine.FindAsync(id)).IsCleaningUp);
    }
}
