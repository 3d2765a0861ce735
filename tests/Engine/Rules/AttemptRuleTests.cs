using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Operations;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>What the end of an attempt does, by examples. The conformance suite of the stores has more of them.</summary>
public sealed class AttemptRuleTests
{
    private static readonly DateTimeOffset Now = AnyWorkflow.Now;

    private static readonly WorkflowRecord Running = WorkflowRule
        .Create(
            new NewWorkflow
            {
                ExternalId = "order-1",
                WorkflowType = "Order",
                Version = "v1",
                BusinessKey = "business",
                ExecutorGroup = "default",
                State = "Start",
                NextActivation = Now,
                ClaimedBy = 1,
            },
            parentId: 3,
            Now.AddMinutes(-1)
        )
        .Workflow;

    [Fact]
    public void An_undeclared_target_state_ends_in_error()
    {
        var ruling = Decide(
            Running,
            new StepRejected(1, 0, new StepError("Invalid Transition", "It is not declared."))
        );

        Assert.Equal((WorkflowStatus.Error, "Start", 0), Described(ruling.After));
        Assert.Equal(Now, ruling.After.Finished);
        Assert.Equal(["ERROR Invalid Transition: It is not declared."], HistoryOf(ruling));
        Assert.Equal([new ChildEnded()], ruling.ForParent);
    }

    [Fact]
    public void A_deferred_state_is_due_again_and_costs_no_retry()
    {
        var ruling = Decide(
            Running,
            new Deferred(1, 0, new StepError("Missing Definition", "No code."), TimeSpan.FromSeconds(30))
        );

        Assert.Equal((WorkflowStatus.InProgress, "Start", 0), Described(ruling.After));
        Assert.Equal((0, 1), (ruling.After.RetryCount, ruling.After.ExecutionCount));
        Assert.Equal(Now.AddSeconds(30), ruling.After.NextActivation);
        Assert.Equal(
            ["ERROR Missing Definition: No code.", "RETRY Start: Retry at 2026-01-01T12:00:30Z"],
            HistoryOf(ruling)
        );
    }

    [Fact]
    public void Repeated_deferrals_are_recorded_once_until_a_step_runs()
    {
        var first = Defer(Running, "No code.");
        var same = Defer(first.After, "No code.");
        var other = Defer(same.After, "No compiler.");
        var failed = Decide(
            Owned(other.After),
            new StepFailed(
                other.After.Lease,
                other.After.ExecutionCount,
                new StepError("Fault", "broken"),
                RetryPolicy.Default,
                Random: 0.5
            )
        );
        var again = Defer(failed.After, "No code.");

        Assert.Empty(same.History);
        Assert.Equal((0, 2), (same.After.RetryCount, same.After.ExecutionCount));
        Assert.Equal(
            ("Missing Definition: No code.", Now.AddSeconds(30)),
            (same.After.LastError, same.After.NextActivation)
        );
        Assert.Empty(other.History);
        Assert.Equal("Missing Definition: No compiler.", other.After.LastError);
        Assert.Equal("ERROR Missing Definition: No code.", HistoryOf(again).First());

        static WorkflowRecord Owned(WorkflowRecord row) => row with { ExecutorId = 1 };

        static Ruling.Written Defer(WorkflowRecord row, string reason) =>
            Decide(
                Owned(row),
                new Deferred(
                    row.Lease,
                    row.ExecutionCount,
                    new StepError("Missing Definition", reason),
                    TimeSpan.FromSeconds(30)
                )
            );
    }

    [Fact]
    public void A_parked_workflow_that_arrives_at_a_state_without_a_function_stays_there_without_a_step()
    {
        var ruling = Decide(Running, new Arrived(1, 0, new TargetState("Start", WorkflowStatus.Waiting)));

        Assert.Equal((WorkflowStatus.Waiting, "Start", 0), Described(ruling.After));
        Assert.Null(ruling.After.ExecutorId);
        Assert.Equal(["END Start: waits for a person"], HistoryOf(ruling));
    }

    [Fact]
    public void A_workflow_fails_after_the_last_retry_of_its_policy()
    {
        var retry = RetryPolicy.Linear(2, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        var row = Running;
        var statuses = new List<(WorkflowStatus, int)>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            row = Decide(
                row,
                new StepFailed(row.Lease, attempt, new StepError("Fault", "broken"), retry, Random: 0.5)
            ).After;
            statuses.Add((row.Status, row.RetryCount));
            row = row with { ExecutorId = 1 };
        }

        Assert.Equal(
            [(WorkflowStatus.InProgress, 1), (WorkflowStatus.InProgress, 2), (WorkflowStatus.Failed, 2)],
            statuses
        );
    }

    [Fact]
    public void A_non_retryable_error_fails_at_once()
    {
        var failure = new StepFailed(1, 0, new StepError("Fault", "broken"), RetryPolicy.Default, Random: 0.5)
        {
            IsRetryable = false,
        };

        var ruling = Decide(Running, failure);

        Assert.Equal((WorkflowStatus.Failed, "Start", 0), Described(ruling.After));
        Assert.Equal(["ERROR Start: Fault: broken", "FAILED Start: The error is not retryable"], HistoryOf(ruling));
    }

    [Fact]
    public void A_due_time_that_has_passed_continues_at_once_on_the_same_claim()
    {
        var success = To("Pay", WorkflowStatus.Executing) with
        {
            Activation = new Activation(ActivationKind.At, Instant: Now),
        };

        var ruling = Decide(Running, success);

        Assert.Equal((WorkflowStatus.Executing, "Pay", 1), Described(ruling.After));
        Assert.Equal((1L, null), (ruling.After.ExecutorId, ruling.After.NextActivation));
    }

    [Fact]
    public void A_delay_beyond_the_calendar_ends_at_its_last_instant()
    {
        var success = To("Pay", WorkflowStatus.Executing) with
        {
            Activation = new Activation(ActivationKind.After, Delay: TimeSpan.MaxValue),
        };

        Assert.Equal(DateTimeOffset.MaxValue.AsStored(), Decide(Running, success).After.NextActivation);
    }

    [Fact]
    public void A_child_that_ends_and_wakes_reports_its_end_first()
    {
        var ruling = Decide(Running, To("Done", WorkflowStatus.Finished) with { WakesParent = true });

        Assert.Equal([new ChildEnded(), new ChildWoke(0, "Done")], ruling.ForParent);
    }

    [Fact]
    public void A_text_that_a_database_cannot_store_does_not_fail_the_step()
    {
        var ruling = Decide(Running, To("Pay", WorkflowStatus.Executing) with { LogText = "a\0b" });

        Assert.Contains("LOG Pay: a\uFFFDb", HistoryOf(ruling));
    }

    [Fact]
    public void A_permanent_failure_leads_to_the_failure_state_with_its_limit()
    {
        var failure = new StepFailed(1, 0, new StepError("Fault", "broken"), RetryPolicy.None, Random: 0.5)
        {
            Otherwise = new TargetState("Mend", WorkflowStatus.Executing)
            {
                Limit = new StateLimit(AsksEachTime: true, PerKey: false),
            },
        };

        var ruling = Decide(Running, failure);

        Assert.Equal((WorkflowStatus.InProgress, "Mend", 1), Described(ruling.After));
        Assert.Equal((Permit.Needed, Now), (ruling.After.Permit, ruling.After.NextActivation));
        Assert.Equal("Fault: broken", ruling.After.LastError);
        Assert.Equal(["ERROR Start: Fault: broken", "TRANSITION Start: From Start to Mend"], HistoryOf(ruling));
        Assert.Empty(ruling.ForParent);

        var again = Decide(Running, failure with { Retry = RetryPolicy.Default });
        Assert.Equal((WorkflowStatus.InProgress, "Start", 0), Described(again.After));
    }

    private static StepSucceeded To(string state, WorkflowStatus status) => new(1, 0, new TargetState(state, status));

    private static Ruling.Written Decide(WorkflowRecord before, WorkflowEvent happened) =>
        Assert.IsType<Ruling.Written>(WorkflowRule.Decide(before, happened, Now));

    private static (WorkflowStatus Status, string State, int Step) Described(WorkflowRecord row) =>
        (row.Status, row.State, row.Step);

    private static IEnumerable<string> HistoryOf(Ruling.Written ruling) =>
        ruling
            .History.SelectMany(entry => ActionLine.Of(entry, workflowId: 1))
            .Select(line => $"{line.Type} {line.Name}: {line.Text}");
}
