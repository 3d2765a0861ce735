using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Moving a workflow by hand, in any status.</summary>
public sealed class ManualStateTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_workflow_in_any_status_can_be_moved_to_a_state_that_runs(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var before in await scene.OneOfEachStatusAsync())
        {
            scene.Pass(seconds: 1);
            var due = scene.Now.AddMinutes(5);

            var result = await scene.MoveAsync(before, A.Move("Again") with { Due = due });

            var outcome = Assert.Single(result.Events);
            Assert.Equal((EventVerdict.Committed, "Again"), (outcome.Verdict, outcome.Workflow?.State));
            A.Same(
                before with
                {
                    State = "Again",
                    Status = WorkflowStatus.InProgress,
                    Step = before.Step + 1,
                    RetryCount = 0,
                    Lease = before.Lease + 1,
                    ExecutorId = null,
                    NextActivation = due,
                    AwaitsChildren = false,
                    Finished = null,
                    Modified = scene.Now,
                },
                await scene.AgainAsync(before)
            );
        }
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_in_any_status_can_be_moved_to_a_final_state(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var before in await scene.OneOfEachStatusAsync())
        {
            scene.Pass(seconds: 1);

            await scene.MoveAsync(before, A.Move("Stopped", WorkflowStatus.Cancelled));

            var after = await scene.AgainAsync(before);
            Assert.Equal(("Stopped", WorkflowStatus.Cancelled), (after.State, after.Status));
            Assert.Equal((scene.Now, scene.Now), (after.Finished, after.Modified));
            Assert.Equal((before.Lease + 1, before.Step + 1), (after.Lease, after.Step));
            Assert.Null(after.ExecutorId);
            Assert.Null(after.NextActivation);
            Assert.False(after.AwaitsChildren);
        }
    }

    [Theory, OnEveryStore]
    public async Task A_move_resets_the_retries(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var failed = await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());

        await scene.MoveAsync(failed, A.Move(A.FirstState));

        var after = await scene.AgainAsync(failed);
        Assert.Equal((0, 1), (after.RetryCount, after.ExecutionCount));
    }

    [Theory, OnEveryStore]
    public async Task A_moved_workflow_is_claimed_when_due_and_continues(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var waiting = await scene.CommittedAsync((await scene.RunningAsync("order-1")).WaitsForAPerson());
        await scene.MoveAsync(waiting, A.Move("Approved") with { Due = scene.Now });

        var claimed = await scene.ClaimedAsync();

        Assert.Equal("Approved", claimed.State);
        Assert.Equal("Done", (await scene.CommittedAsync(claimed.Finishes())).State);
    }

    [Theory, OnEveryStore]
    public async Task The_history_names_the_person_and_both_states(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var waiting = await scene.CommittedAsync((await scene.RunningAsync("order-1")).WaitsForAPerson());
        scene.Pass(seconds: 1);

        await scene.MoveAsync(
            waiting,
            A.Move("Approved") with
            {
                Variables = new([new VariableChange("by", "\"ann\"")]),
            }
        );

        var entry = (await scene.HistoryAsync(waiting))[^1];
        Assert.Equal(
            [
                "LOG Approve: User Manually Changed State :Approved (by ann)",
                "LOG Approved: Updated state var: by (by ann)",
            ],
            (await scene.TellAsync(waiting)).TakeLast(2)
        );
        Assert.Equal((null, scene.Now), (entry.ExecutorId, entry.DateTime));
        Assert.Equal((1, 0), (entry.Entry.ExecutionCount, entry.Entry.RetryCount));
    }

    [Theory, OnEveryStore]
    public async Task A_move_can_set_a_variable(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var waiting = await scene.CommittedAsync(
            (await scene.RunningAsync("order-1")).WaitsForAPerson() with
            {
                StateVars = """{"a":1}""",
            }
        );

        await scene.MoveAsync(waiting, A.Move("Approved") with { Variables = new([new VariableChange("b", "[2]")]) });

        Assert.Equal("""{"a":1,"b":[2]}""", (await scene.AgainAsync(waiting)).StateVars);
    }

    [Theory, OnEveryStore]
    public async Task A_move_restricted_to_source_states_applies_only_there(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var waiting = await scene.CommittedAsync((await scene.RunningAsync("order-1")).WaitsForAPerson());
        var history = await scene.HistoryAsync(waiting);
        var move = A.Move("Approved") with { Variables = new([new VariableChange("a", "1")]) };

        var refused = await scene.MoveAsync(waiting, move with { FromStates = ["Start", "approve"] });

        Assert.Equal(EventVerdict.WrongState, refused.Events[0].Verdict);
        Assert.Equal("Approve", refused.Events[0].Workflow?.State);
        Assert.Empty(refused.Changes);
        Assert.Equal(waiting, await scene.AgainAsync(waiting));
        Assert.Equal(history, await scene.HistoryAsync(waiting));

        var made = await scene.MoveAsync(waiting, move with { FromStates = ["Start", "Approve"] });
        Assert.Equal(EventVerdict.Committed, made.Events[0].Verdict);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_does_not_exist_is_not_found(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");

        var result = await scene.MoveAsync(workflow with { Id = workflow.Id + 1000 }, A.Move("Nowhere"));

        Assert.Equal([new EventOutcome(EventVerdict.NotFound)], result.Events);
        Assert.Empty(result.Changes);
    }

    [Theory, OnEveryStore]
    public async Task A_move_with_a_variable_that_is_not_JSON_is_rejected_and_changes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");

        var move = A.Move("Elsewhere") with { Variables = new([new VariableChange("a", "{no json")]) };
        var rejected = await scene.MoveAsync(workflow, move);

        Assert.Equal(EventVerdict.Rejected, rejected.Events[0].Verdict);

        Assert.Equal(workflow, await scene.AgainAsync(workflow));
        Assert.Single(await scene.HistoryAsync(workflow));
    }
}
