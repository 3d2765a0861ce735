using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Sagas;

/// <summary>Which states count as completed, and what happens when compensation fails, by examples.</summary>
public sealed class SagaTests
{
    private readonly List<string> undone = [];
    private Func<StepContext, NextState> pay = _ => NextState.GoTo("Ship");
    private Func<StepContext, NextState> ship = _ => NextState.Compensate("Cancelled");
    private Func<StepContext, NextState>? unpay;
    private string? failureState;

    [Fact]
    public async Task A_state_that_fails_or_starts_the_compensation_is_not_compensated()
    {
        var attempts = 0;
        pay = _ => attempts++ == 0 ? throw new TimeoutException() : NextState.Compensate("Cancelled");

        var saga = await Saga().RunAsync();

        Assert.Equal(["Reserve", "Pay", "Pay", "Free"], saga.Path);
        Assert.Equal(["Free"], undone);
    }

    [Fact]
    public async Task Without_completed_states_it_goes_to_the_target_at_once()
    {
        pay = _ => NextState.GoTo("Ship");

        var saga = await new PlannedSaga(Machine().Start("Begin", ship, ["Cancelled"]).Draft()).RunAsync();

        Assert.Equal(("Cancelled", WorkflowStatus.Error), (saga.Workflow.State, saga.Workflow.Status));
        Assert.Equal(["Begin"], saga.Path);
    }

    [Fact]
    public async Task Nothing_is_compensated_after_an_end_or_after_beginning_anew()
    {
        ship = _ => NextState.GoTo("Done");
        var ended = await Saga().RunAsync();
        Assert.Equal(("Done", "{}"), (ended.Workflow.State, ended.Workflow.StateVars));

        pay = _ => NextState.GoTo("Ship").ContinuingAnew(new Variables());
        ship = _ => NextState.Compensate("Cancelled");
        var anew = await Saga().RunAsync();
        Assert.Equal(["Reserve", "Pay", "Ship"], anew.Path);
    }

    [Fact]
    public async Task The_list_of_completed_states_is_stored_with_the_variables_but_hidden_from_the_author()
    {
        IReadOnlyList<string> names = ["x"];
        ship = step =>
        {
            names = step.Variables.Names;
            throw new NotRetryableException("no");
        };

        var saga = await Saga().RunAsync();

        Assert.Empty(names);
        Assert.Equal(
            """{"$undo":{"done":[{"state":"Reserve","step":0},{"state":"Pay","step":1}]}}""",
            saga.Workflow.StateVars
        );
    }

    [Fact]
    public async Task A_list_copied_from_another_workflow_is_ignored()
    {
        var copied = """{"$undo":{"done":[{"state":"Reserve","step":7}]}}""";
        var machine = Machine()
            .Start("Begin", _ => NextState.GoTo("Ship"), ["Ship"])
            .State("Ship", step => ship(step), ["Cancelled"])
            .State("Reserve", _ => NextState.GoTo("Ship"), ["Ship"])
            .State("Free", Undo, [])
            .Compensate("Reserve", by: "Free");

        var saga = await new PlannedSaga(machine.Draft(), copied).RunAsync();

        Assert.Equal(["Begin", "Ship"], saga.Path);
        Assert.Equal("{}", saga.Workflow.StateVars);
    }

    [Fact]
    public async Task A_compensation_that_fails_permanently_fails_the_workflow_and_can_be_retried_by_hand()
    {
        failureState = "GiveUp";
        unpay = _ => throw new NotRetryableException("the bank is closed");

        var saga = await Saga().RunAsync();

        Assert.Equal((WorkflowStatus.Failed, "Unpay"), (saga.Workflow.Status, saga.Workflow.State));
        Assert.Equal(
            """{"$undo":{"done":[{"state":"Reserve","step":0},{"state":"Pay","step":1}],"then":"Cancelled"}}""",
            saga.Workflow.StateVars
        );

        unpay = _ => NextState.Undone();
        await saga.Then(new Retried(new TargetState("Unpay", WorkflowStatus.Executing), "ann")).RunAsync();

        Assert.Equal(["Reserve", "Pay", "Ship", "Unpay", "Unpay", "Free"], saga.Path);
        Assert.Equal((WorkflowStatus.Error, "Cancelled"), (saga.Workflow.Status, saga.Workflow.State));
    }

    [Fact]
    public async Task A_person_can_skip_a_compensation_that_fails()
    {
        unpay = _ => throw new NotRetryableException("the bank is closed");
        var saga = await Saga().RunAsync();

        await saga.Then(new StateChanged(new TargetState("Free", WorkflowStatus.Executing), "ann")).RunAsync();

        Assert.Equal(("Cancelled", "{}"), (saga.Workflow.State, saga.Workflow.StateVars));
        Assert.Equal(["Free"], undone);
    }

    [Fact]
    public async Task A_workflow_that_fails_permanently_goes_to_its_failure_state()
    {
        failureState = "GiveUp";
        ship = _ => throw new InvalidOperationException("no truck");

        var saga = await Saga().RunAsync();

        Assert.Equal(["Reserve", "Pay", "Ship", "Ship", "GiveUp", "Unpay", "Free"], saga.Path);
        var diverted = saga.History.Single(entry => entry.To == "GiveUp");
        Assert.Equal(
            (HistoryKind.AttemptFailed, "Ship", WorkflowStatus.Executing, "no truck"),
            (diverted.Kind, diverted.From, diverted.Status, diverted.Error?.Message)
        );
    }

    [Fact]
    public async Task The_failure_state_and_the_states_after_it_fail_normally()
    {
        failureState = "GiveUp";
        pay = _ => throw new NotRetryableException("no money");
        ship = _ => throw new NotRetryableException("nobody hears");
        var machine = Machine()
            .Start("Pay", pay, ["Done"])
            .State("GiveUp", _ => NextState.GoTo("Tell"), ["Tell"])
            .State("Tell", ship, ["Cancelled"]);

        var saga = await new PlannedSaga(machine.Draft()).RunAsync();

        Assert.Equal(["Pay", "GiveUp", "Tell"], saga.Path);
        Assert.Equal((WorkflowStatus.Failed, "Tell"), (saga.Workflow.Status, saga.Workflow.State));
    }

    [Fact]
    public async Task Undone_outside_a_compensation_is_an_error()
    {
        ship = _ => NextState.GoTo("Ship").After(TimeSpan.FromDays(1));
        var saga = Saga().Then(new StateChanged(new TargetState("Free", WorkflowStatus.Executing), "ann"));

        await saga.RunAsync();

        Assert.Equal((WorkflowStatus.Failed, "Free"), (saga.Workflow.Status, saga.Workflow.State));
        Assert.Equal(
            "NotRetryableException: State 'Free' returns Undone, but nothing is being undone; expected an earlier step that returns Compensate",
            saga.Workflow.LastError
        );
    }

    [Fact]
    public async Task Undone_in_a_state_that_compensates_nothing_is_rejected()
    {
        ship = _ => NextState.Undone();

        var saga = await Saga().RunAsync();

        Assert.Equal((WorkflowStatus.Error, "Ship"), (saga.Workflow.Status, saga.Workflow.State));
        Assert.Equal(
            "Invalid Transition: 'Ship' returns Undone, but it does not undo another state; expected it only from Free, Unpay",
            saga.Workflow.LastError
        );
    }

    [Fact]
    public async Task The_target_after_the_compensation_must_be_declared()
    {
        ship = _ => NextState.Compensate("Elsewhere");

        var saga = await Saga().RunAsync();

        Assert.Equal(
            "Invalid Transition: 'Ship' may go to Ship, Done, Cancelled, but asked for 'Elsewhere'",
            saga.Workflow.LastError
        );
        Assert.Empty(undone);
    }

    [Fact]
    public async Task A_corrupted_list_fails_the_workflow()
    {
        ship = step =>
        {
            step.Variables["$undo"] = "spoilt";
            return NextState.Compensate("Cancelled");
        };

        var saga = await Saga().RunAsync();

        Assert.Equal(WorkflowStatus.Failed, saga.Workflow.Status);
        Assert.Contains("Variable '$undo' cannot be read", saga.Workflow.LastError);
    }

    private PlannedSaga Saga() =>
        new(
            Machine()
                .Start("Reserve", _ => NextState.GoTo("Pay"), ["Pay"])
                .State("Pay", step => pay(step), ["Ship", "Cancelled"])
                .State("Ship", step => ship(step), ["Ship", "Done", "Cancelled"])
                .State("Free", Undo, [])
                .State("Unpay", step => unpay is { } own ? own(step) : Undo(step), [])
                .State("GiveUp", _ => NextState.Compensate("Cancelled"), ["Cancelled"])
                .Compensate("Reserve", by: "Free")
                .Compensate("Pay", by: "Unpay")
                .Draft()
        );

    private WorkflowDefinitionBuilder Machine()
    {
        var machine = WorkflowDefinitionBuilder
            .Named("Order")
            .Retry(RetryPolicy.Linear(1, TimeSpan.Zero, TimeSpan.Zero))
            .End("Done")
            .Error("Cancelled");
        return failureState is null ? machine : machine.OnFailure(failureState);
    }

    private NextState Undo(StepContext step)
    {
        undone.Add(step.State);
        return NextState.Undone();
    }
}
