using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>How long permits are held on average.</summary>
public sealed class PermitHoldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowRecord Workflow = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "one",
                WorkflowType = "W",
                Version = "1",
                BusinessKey = "one",
                ExecutorGroup = "default",
                State = "Work",
                StateVars = "{}",
                ClaimedBy = 1,
                NextActivation = Now,
            },
            parentId: null,
            Now
        )
        .Workflow;

    private readonly PermitHolds holds = new();

    [Fact]
    public void A_hold_ends_when_the_workflow_has_no_owner_any_more()
    {
        holds.Begin([Workflow]);

        holds.Notice(Freed(TimeSpan.FromSeconds(3)));
        holds.Forget(KeyOf(Workflow));

        Assert.Equal(TimeSpan.FromSeconds(3), holds.Mean);
    }

    /// <summary>An operator moved the workflow in another process, where it ended much later.</summary>
    [Fact]
    public void The_hold_of_a_workflow_taken_by_another_process_is_forgotten_with_its_run()
    {
        holds.Begin([Workflow]);

        holds.Forget(KeyOf(Workflow));
        holds.Notice(Freed(TimeSpan.FromHours(3)));

        Assert.Equal(TimeSpan.Zero, holds.Mean);
    }

    [Fact]
    public void The_end_of_an_older_run_does_not_end_the_hold_of_a_newer_one()
    {
        holds.Begin([Workflow with { Lease = Workflow.Lease + 2 }]);

        holds.Forget(KeyOf(Workflow));
        holds.Notice(Freed(TimeSpan.FromSeconds(3)));

        Assert.Equal(TimeSpan.FromSeconds(3), holds.Mean);
    }

    private static ClaimKey KeyOf(WorkflowRecord workflow) => new(workflow.Id, workflow.Lease);

    private static WorkflowChange Freed(TimeSpan after) =>
        WorkflowChange.To(
            Workflow with
            {
                ExecutorId = null,
                Status = WorkflowStatus.Finished,
                Modified = Now + after,
            },
            "Work"
        );
}
