using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Examples of when a clean-up begins and ends.</summary>
public sealed class CleanUpRuleTests
{
    private static readonly DateTimeOffset Now = AnyWorkflow.Now;
    private static readonly TargetState Undo = new("Undo", WorkflowStatus.Executing);
    private static readonly TargetState Tell = new("Tell", WorkflowStatus.Executing);
    private static readonly TargetState Ask = new("Ask", WorkflowStatus.Waiting);
    private static readonly TargetState Undone = new("Undone", WorkflowStatus.Error);
    private static readonly Cancelled Cancel = new("ann") { CleansUpIn = Undo };

    /// <summary>Runs the state that cleans up, because another state has failed.</summary>
    private static readonly WorkflowRecord Running = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Undo",
                NextActivation = Now,
                ClaimedBy = 1,
            },
            parentId: null,
            Now.AddMinutes(-1)
        )
        .Workflow with
    {
        Step = 2,
        HasBegun = true,
    };

    /// <summary>Runs the same state because it was cancelled.</summary>
    private static readonly WorkflowRecord CleaningUp = Running with { IsCleaningUp = true };

    [Fact]
    public void The_first_cancel_in_the_clean_up_state_runs_it_again_as_the_same_step()
    {
        var ruling = Decide(Running, Cancel);

        var after = ruling.After;
        Assert.Equal(("Undo", 2, true), (after.State, after.Step, after.IsCleaningUp));
        Assert.Equal((WorkflowStatus.InProgress, Now, null), (after.Status, after.NextActivation, after.ExecutorId));
        Assert.True(after.Lease > Running.Lease);
        Assert.Equal(WorkflowStatus.InProgress, Assert.Single(ruling.History).Status);
    }

    [Fact]
    public void The_second_cancel_ends_the_workflow_in_any_state()
    {
        var tells = Decide(CleaningUp, To(Tell)).After;

        var after = Decide(tells, Cancel).After;

        Assert.Equal(("Tell", WorkflowStatus.Cancelled, false), (after.State, after.Status, after.IsCleaningUp));
    }

    [Fact]
    public void A_clean_up_continues_through_waits_and_failures_to_its_end()
    {
        var waits = Decide(CleaningUp, To(Ask)).After;
        var fails = Decide(CleaningUp, Failure with { Otherwise = Tell }).After;

        Assert.Equal((true, true), (waits.IsCleaningUp, fails.IsCleaningUp));
        Assert.False(Decide(CleaningUp, To(Undone)).After.IsCleaningUp);
    }

    [Fact]
    public void A_failed_clean_up_continues_when_retried()
    {
        var failed = Decide(CleaningUp, Failure).After;
        var retried = Decide(failed, new Retried(Undo, "ann")).After;

        Assert.Equal((WorkflowStatus.Failed, true), (failed.Status, failed.IsCleaningUp));
        Assert.Equal((WorkflowStatus.InProgress, true), (retried.Status, retried.IsCleaningUp));
    }

    [Fact]
    public void A_declared_move_by_a_person_continues_the_clean_up()
    {
        var asks = Decide(CleaningUp, To(Ask)).After;
        var move = new StateChanged(Tell, "ann") { DeclaredBy = ["Ask"] };

        Assert.True(Decide(asks, move).After.IsCleaningUp);
        Assert.False(Decide(asks, move with { Target = Undone }).After.IsCleaningUp);
    }

    [Fact]
    public void Any_other_move_by_a_person_ends_the_clean_up()
    {
        var moved = Decide(CleaningUp, new StateChanged(Tell, "ann")).After;

        Assert.False(moved.IsCleaningUp);
        Assert.Equal(("Undo", true), (Decide(moved, Cancel).After.State, Decide(moved, Cancel).After.IsCleaningUp));
    }

    [Fact]
    public void Running_the_same_state_again_continues_the_clean_up_and_running_another_ends_it()
    {
        Assert.True(Decide(CleaningUp, new RunAgain(Undo, "ann")).After.IsCleaningUp);
        Assert.False(Decide(CleaningUp, new RunAgain(Tell, "ann")).After.IsCleaningUp);
    }

    [Fact]
    public void A_workflow_that_begins_anew_does_not_clean_up_any_more() =>
        Assert.False(Decide(CleaningUp, To(Tell) with { ContinuesAnew = true }).After.IsCleaningUp);

    private static StepFailed Failure =>
        new(Running.Lease, Running.ExecutionCount, new StepError("Fault", "broken"), RetryPolicy.None, Random: 0.5);

    private static StepSucceeded To(TargetState target) => new(Running.Lease, Running.ExecutionCount, target);

    private static Ruling.Written Decide(WorkflowRecord before, WorkflowEvent happened) =>
        Assert.IsType<Ruling.Written>(WorkflowRule.Decide(before, happened, Now));
}
