using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Property tests: the effect of limits on a workflow, for any event.</summary>
public sealed class PermitLawTests
{
    private const int Cases = 5000;

    [Fact]
    public void A_workflow_that_needs_a_permit_is_only_owned_after_a_claim_with_one() =>
        ForAllWritten(
            (before, happened, after) =>
            {
                if (after is { ExecutorId: not null, Permit: Permit.Needed })
                {
                    Assert.True(
                        before is { ExecutorId: not null, Permit: Permit.Needed }
                            || happened is Claimed { WithPermit: true }
                    );
                }
            }
        );

    [Fact]
    public void A_step_to_a_state_with_a_limit_needs_a_permit_there() =>
        ForAllWritten(
            (before, happened, after) =>
            {
                if (happened is StepSucceeded { Target.Limit: { } limit } && after.State == "Pay")
                {
                    Assert.NotEqual(Permit.None, after.Permit);
                    Assert.True(after.ExecutorId is null || (before.Permit == Permit.Needed && !limit.AsksEachTime));
                }
            }
        );

    [Fact]
    public void A_final_workflow_needs_no_permit() =>
        ForAllWritten((_, _, after) => Assert.False(after.Status.IsFinal() && after.Permit != Permit.None));

    [Fact]
    public void Only_a_deadline_precedes_a_permit() =>
        ForAllWritten(
            (_, _, after) =>
                Assert.False(after.Permit == Permit.Later && after.ExecutorId is null && after.DeadlineState is null)
        );

    [Fact]
    public void A_permit_does_not_apply_to_another_key()
    {
        var before = WorkflowRule
            .Create(
                new NewWorkflow
                {
                    ExternalId = "order-1",
                    WorkflowType = "Order",
                    Version = "v1",
                    BusinessKey = "business",
                    ExecutorGroup = "default",
                    State = "Start",
                    NextActivation = AnyWorkflow.Now,
                },
                parentId: null,
                AnyWorkflow.Now
            )
            .Workflow with
        {
            Status = WorkflowStatus.Executing,
            ExecutorId = 1,
            Permit = Permit.Needed,
            LimitKey = "ann",
        };
        var step = new StepSucceeded(
            before.Lease,
            before.ExecutionCount,
            new TargetState("Pay", WorkflowStatus.Executing)
            {
                Limit = new StateLimit(AsksEachTime: false, PerKey: true),
            }
        );

        Assert.Equal(1, After(step).ExecutorId);
        Assert.Equal(
            (null, "bob"),
            (After(step with { LimitKey = "bob" }).ExecutorId, After(step with { LimitKey = "bob" }).LimitKey)
        );

        WorkflowRecord After(StepSucceeded happened) =>
            Assert.IsType<Ruling.Written>(WorkflowRule.Decide(before, happened, AnyWorkflow.Now)).After;
    }

    [Fact]
    public void A_new_workflow_that_needs_a_permit_has_no_owner()
    {
        var request = new NewWorkflow
        {
            ExternalId = "order-1",
            WorkflowType = "Order",
            Version = "v1",
            BusinessKey = "business",
            ExecutorGroup = "default",
            State = "Pay",
            NextActivation = AnyWorkflow.Now,
            ClaimedBy = 7,
            Limit = new StateLimit(AsksEachTime: false, PerKey: true),
        };

        var created = WorkflowRule.Create(request, parentId: null, AnyWorkflow.Now).Workflow;

        Assert.Equal(
            (WorkflowStatus.New, (long?)null, Permit.Needed, "business"),
            (created.Status, created.ExecutorId, created.Permit, created.LimitKey)
        );
        Assert.Equal(
            "customer",
            WorkflowRule
                .Create(request with { LimitKey = "customer" }, parentId: null, AnyWorkflow.Now)
                .Workflow.LimitKey
        );
    }

    /// <summary>Checks workflows with and without a limit on their state.</summary>
    private static void ForAllWritten(Action<WorkflowRecord, WorkflowEvent, WorkflowRecord> law) =>
        Prop.ForAll(
                Arb.From(
                    from row in AnyWorkflow.Any
                    from permit in Gen.Elements(Permit.None, Permit.Needed)
                    from what in Gen.Choose(0, 1000)
                    from detail in Gen.Choose(0, 1000)
                    from limit in Gen.Elements<StateLimit?>(null, new(true, false), new(false, true))
                    select (Row: row with { Permit = row.Status.IsFinal() ? Permit.None : permit }, what, detail, limit)
                ),
                sample =>
                {
                    var happened = Limited(AnyEvent.Of(sample.Row, sample.what, sample.detail), sample.limit);
                    if (
                        WorkflowRule.Decide(sample.Row, happened, AnyWorkflow.Now) is Ruling.Written written
                        && !ReferenceEquals(written.After, sample.Row)
                    )
                    {
                        law(sample.Row, happened, written.After);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

    private static WorkflowEvent Limited(WorkflowEvent happened, StateLimit? limit) =>
        happened switch
        {
            StepSucceeded success => success with { Target = success.Target with { Limit = limit } },
            StateChanged change => change with { Target = change.Target with { Limit = limit } },
            RunAgain again => again with { Target = again.Target with { Limit = limit } },
            Resumed resumed => resumed with { Current = resumed.Current with { Limit = limit } },
            Retried retried => retried with { Current = retried.Current with { Limit = limit } },
            DeadlinePassed deadline => deadline with { Target = deadline.Target with { Limit = limit } },
            Claimed claim => claim with { WithPermit = limit is not null },
            _ => happened,
        };
}
