using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The fields of a workflow after the commit of a step.</summary>
public sealed class StepTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_transition_to_a_state_that_runs_at_once_keeps_the_claim(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        var after = await scene.CommittedAsync(before.GoesTo("Pay"));

        A.Same(
            before with
            {
                State = "Pay",
                Step = 1,
                HasBegun = true,
                ExecutionCount = 1,
                Started = scene.Now,
                Modified = scene.Now,
            },
            after
        );
    }

    [Theory, OnEveryStore]
    public async Task A_parked_workflow_is_unowned_and_due_as_the_step_requested(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var due = scene.Now.AddDays(2);
        scene.Pass(seconds: 1);

        var after = await scene.CommittedAsync(before.ParksUntil(due, "Later"));

        A.Same(
            before with
            {
                State = "Later",
                Status = WorkflowStatus.InProgress,
                Step = 1,
                HasBegun = true,
                ExecutionCount = 1,
                ExecutorId = null,
                NextActivation = due,
                Started = scene.Now,
                Modified = scene.Now,
            },
            after
        );
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_arrives_at_a_manual_state_waits_unowned_and_is_never_due(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");

        var after = await scene.CommittedAsync(before.WaitsForAPerson());

        A.Same(
            before with
            {
                State = "Approve",
                Status = WorkflowStatus.Waiting,
                Step = 1,
                HasBegun = true,
                ExecutionCount = 1,
                ExecutorId = null,
                Started = scene.Now,
            },
            after
        );
        scene.Pass(seconds: 1_000_000);
        Assert.Empty((await scene.ClaimAsync()).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task A_final_status_ends_the_ownership_and_sets_finished(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        WorkflowStatus[] finals =
        [
            WorkflowStatus.Finished,
            WorkflowStatus.Failed,
            WorkflowStatus.Error,
            WorkflowStatus.Cancelled,
        ];
        foreach (var final in finals)
        {
            var before = await scene.RunningAsync($"order-{final}");
            scene.Pass(seconds: 1);

            var after = await scene.CommittedAsync(before.Transition("Over", final));

            A.Same(
                before with
                {
                    State = "Over",
                    Status = final,
                    Step = 1,
                    HasBegun = true,
                    ExecutionCount = 1,
                    ExecutorId = null,
                    Started = scene.Now,
                    Finished = scene.Now,
                    Modified = scene.Now,
                },
                after
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_failed_attempt_is_counted_and_due_again_without_a_step(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var due = scene.Pass(seconds: 1).AddSeconds(10);

        var after = await scene.CommittedAsync(before.RetriesAfter(TimeSpan.FromSeconds(10)));

        A.Same(
            before with
            {
                Status = WorkflowStatus.InProgress,
                RetryCount = 1,
                ExecutionCount = 1,
                ExecutorId = null,
                NextActivation = due,
                Started = scene.Now,
                Modified = scene.Now,
                LastError = after.LastError,
            },
            after
        );
        Assert.Equal("Fault: broken", after.LastError);
    }

    [Theory, OnEveryStore]
    public async Task The_last_failed_attempt_ends_the_workflow_in_the_state_that_failed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var once = await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());
        var before = await scene.ClaimedAsync();

        var after = await scene.CommittedAsync(before.GivesUp());

        Assert.Equal((A.FirstState, 0), (after.State, after.Step));
        Assert.Equal((1, 2), (after.RetryCount, after.ExecutionCount));
        Assert.Equal(WorkflowStatus.Failed, after.Status);
        Assert.Equal(once.Started, after.Started);
        Assert.Equal(scene.Now, after.Finished);
        Assert.Null(after.ExecutorId);
        Assert.Null(after.NextActivation);
    }

    [Theory, OnEveryStore]
    public async Task Reaching_another_state_resets_the_retries_but_not_the_attempts(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());

        var after = await scene.CommittedAsync((await scene.ClaimedAsync()).GoesTo("Pay"));

        Assert.Equal(0, after.RetryCount);
        Assert.Equal(2, after.ExecutionCount);
        Assert.Equal(1, after.Step);
    }

    [Theory, OnEveryStore]
    public async Task Only_the_first_commit_sets_the_start_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var started = scene.Pass(seconds: 1);
        var first = await scene.CommittedAsync((await scene.RunningAsync("order-1")).GoesTo("Pay"));
        scene.Pass(seconds: 1);

        var second = await scene.CommittedAsync(first.GoesTo("Send"));

        Assert.Equal(started, second.Started);
        Assert.Equal(scene.Now, second.Modified);
    }

    [Theory, OnEveryStore]
    public async Task A_transition_from_a_state_to_itself_is_a_step(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var after = await scene.CommittedAsync((await scene.RunningAsync("order-1")).GoesTo(A.FirstState));

        Assert.Equal((A.FirstState, 1), (after.State, after.Step));
    }

    [Theory, OnEveryStore]
    public async Task Variables_change_only_with_a_step_that_sets_them(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");

        var set = await scene.CommittedAsync(before.GoesTo("Pay") with { StateVars = """{"paid":true}""" });
        var kept = await scene.CommittedAsync(set.GoesTo("Send"));
        var changed = await scene.CommittedAsync(kept.GoesTo("Thank") with { StateVars = """{"sent":1}""" });
        var emptied = await scene.CommittedAsync(changed.Finishes() with { StateVars = "{}" });

        Assert.Equal("""{"paid":true}""", set.StateVars);
        Assert.Equal("""{"paid":true}""", kept.StateVars);
        Assert.Equal("""{"sent":1}""", changed.StateVars);
        Assert.Equal("{}", emptied.StateVars);
    }
}
