using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>How children affect their parent, by examples: one for each status of the parent.</summary>
public sealed class FamilyRuleTests
{
    private static readonly DateTimeOffset Now = AnyWorkflow.Now;
    private static readonly DateTimeOffset Later = Now.AddHours(1);

    private static readonly WorkflowRecord Running = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "parent",
                WorkflowType = "Parent",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Split",
                NextActivation = Now,
                ClaimedBy = 1,
            },
            parentId: null,
            Now.AddMinutes(-1)
        )
        .Workflow with
    {
        OpenChildren = 2,
    };

    private static readonly WorkflowRecord Parked = Running with
    {
        Status = WorkflowStatus.InProgress,
        ExecutorId = null,
        NextActivation = Later,
    };

    private static readonly WorkflowRecord Awaiting = Parked with { NextActivation = null, AwaitsChildren = true };

    [Fact]
    public void A_wake_makes_a_parked_parent_due() => Assert.Equal((Now, false), DueOf(Woken(Parked)));

    [Fact]
    public void A_wake_does_not_delay_a_parent_that_is_already_due() =>
        Assert.Equal((Now.AddHours(-1), false), DueOf(Woken(Parked with { NextActivation = Now.AddHours(-1) })));

    [Fact]
    public void A_wake_is_kept_by_a_parent_that_waits_for_its_next_attempt() =>
        Assert.Equal((Later, true), DueOf(Woken(Parked with { RetryCount = 1 })));

    [Fact]
    public void A_wake_is_kept_by_a_parent_that_runs() => Assert.Equal((null, true), DueOf(Woken(Running)));

    [Theory]
    [InlineData(WorkflowStatus.Waiting)]
    [InlineData(WorkflowStatus.Paused)]
    public void A_wake_is_kept_by_a_waiting_or_paused_parent(WorkflowStatus status) =>
        Assert.Equal((null, true), DueOf(Woken(Parked with { Status = status, NextActivation = null })));

    [Fact]
    public void A_wake_does_not_disturb_a_parent_that_awaits_all_its_children() =>
        Assert.Same(Awaiting, Woken(Awaiting));

    [Fact]
    public void A_wake_is_dropped_by_a_final_parent()
    {
        var over = Parked with { Status = WorkflowStatus.Finished, NextActivation = null, Finished = Now };

        Assert.Same(over, Woken(over));
    }

    [Fact]
    public void Only_the_last_child_makes_an_awaiting_parent_due()
    {
        var first = After(Awaiting, new ChildEnded());
        var last = After(first, new ChildEnded());

        Assert.Equal((1, true, null), (first.OpenChildren, first.AwaitsChildren, first.NextActivation));
        Assert.Equal((0, false, Now), (last.OpenChildren, last.AwaitsChildren, last.NextActivation));
    }

    [Fact]
    public void A_child_that_is_reopened_is_awaited_again()
    {
        var reopened = After(After(Awaiting, new ChildEnded()), new ChildReopened());

        Assert.Equal((2, true, null), (reopened.OpenChildren, reopened.AwaitsChildren, reopened.NextActivation));
    }

    private static WorkflowRecord Woken(WorkflowRecord parent) => After(parent, new ChildWoke(7, "Half"));

    private static WorkflowRecord After(WorkflowRecord parent, WorkflowEvent happened) =>
        Assert.IsType<Ruling.Written>(WorkflowRule.Decide(parent, happened, Now)).After;

    private static (DateTimeOffset? Due, bool Woken) DueOf(WorkflowRecord row) => (row.NextActivation, row.Woken);
}
