using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>A batch is one transaction, but an invalid member does not affect the others.</summary>
public sealed class BatchTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_batch_writes_creates_and_steps_and_answers_in_their_order(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.RunningAsync("one");
        var two = await scene.RunningAsync("two");

        var result = await scene.WriteAsync(
            [A.Workflow("three"), A.Workflow("one"), A.Workflow("four")],
            [two.GoesTo("Pay"), one.Finishes()]
        );

        Assert.Equal([false, true, false], result.Creates.Select(outcome => outcome.Existed));
        Assert.Equal(one.Id, result.Creates[1].Id);
        Assert.Equal("three", (await scene.FindAsync(result.Creates[0].Id)).ExternalId);
        Assert.Equal("four", (await scene.FindAsync(result.Creates[2].Id)).ExternalId);
        Assert.All(result.Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
        Assert.Equal("Pay", (await scene.AgainAsync(two)).State);
        Assert.Equal("Done", (await scene.AgainAsync(one)).State);
    }

    [Theory, OnEveryStore]
    public async Task A_lost_lease_does_not_affect_other_members(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        await AssertOnlyOthersAreWritten(
            scene,
            faulty => Full(faulty with { Lease = faulty.Lease + 1 }),
            EventVerdict.LeaseLost
        );
    }

    [Theory, OnEveryStore]
    public async Task A_child_whose_external_id_is_taken_does_not_affect_other_members(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("taken");

        var reason = await AssertOnlyOthersAreWritten(
            scene,
            faulty => Full(faulty) with { Children = [A.Workflow("free"), A.Workflow("taken")] },
            EventVerdict.Rejected
        );

        Assert.Contains("taken", reason!.Message, StringComparison.Ordinal);
        Assert.Null(await scene.Store.FindByExternalIdAsync("free", Stop));
    }

    [Theory, OnEveryStore]
    public async Task Two_children_with_the_same_external_id_do_not_affect_other_members(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        var reason = await AssertOnlyOthersAreWritten(
            scene,
            faulty => Full(faulty) with { Children = [A.Workflow("twin"), A.Workflow("twin")] },
            EventVerdict.Rejected
        );

        Assert.Contains("twin", reason!.Message, StringComparison.Ordinal);
        Assert.Null(await scene.Store.FindByExternalIdAsync("twin", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_child_whose_external_id_another_member_of_the_batch_takes_is_rejected(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.RunningAsync("one");
        var two = await scene.RunningAsync("two");
        var three = await scene.RunningAsync("three");

        var result = await scene.WriteAsync(
            [A.Workflow("created")],
            [
                one.GoesTo("Split") with
                {
                    Children = [A.Workflow("created")],
                },
                two.GoesTo("Split") with
                {
                    Children = [A.Workflow("child")],
                },
                three.GoesTo("Split") with
                {
                    Children = [A.Workflow("child")],
                },
            ]
        );

        Assert.Equal(
            [EventVerdict.Rejected, EventVerdict.Committed, EventVerdict.Rejected],
            result.Events.Select(outcome => outcome.Verdict)
        );
        Assert.Equal(two.Id, (await scene.Store.FindByExternalIdAsync("child", Stop))!.ParentWorkflowId);
        Assert.Equal(one, await scene.AgainAsync(one));
        Assert.Equal(three, await scene.AgainAsync(three));
    }

    [Theory, OnEveryStore]
    public async Task A_rejected_step_keeps_its_claim_so_the_failed_attempt_can_be_committed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");
        await scene.CommitAsync(running.GoesTo("Split") with { Children = [A.Workflow("order-1")] });

        var failed = await scene.CommittedAsync(running.RetriesAtOnce());

        Assert.Equal((A.FirstState, 1), (failed.State, failed.RetryCount));
    }

    [Theory, OnEveryStore]
    public async Task A_fenced_step_that_is_also_invalid_reports_the_lost_lease(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");
        await scene.HandBackAsync(running);

        var result = await scene.CommitAsync(running.GoesTo("Split") with { Children = [A.Workflow("order-1")] });

        Assert.Equal(EventVerdict.LeaseLost, Assert.Single(result.Events).Verdict);
    }

    [Theory, OnEveryStore]
    public async Task A_batch_can_have_hundreds_of_members(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.CreateAsync([
            .. Enumerable
                .Range(0, 300)
                .Select(number => A.Workflow($"order-{number}") with { ClaimedBy = scene.Executor }),
        ]);
        var workflows = await Task.WhenAll(created.Creates.Select(outcome => scene.FindAsync(outcome.Id)));

        var result = await scene.CommitAsync([.. workflows.Select(workflow => workflow.Finishes())]);

        Assert.All(result.Events, outcome => Assert.Equal(EventVerdict.Committed, outcome.Verdict));
        Assert.Equal(workflows.Select(workflow => workflow.Id), result.Changes.Select(change => change.Id));
        Assert.Equal(
            [new WorkflowCount(A.Type, "v1", "Done", WorkflowStatus.Finished, 300)],
            await scene.Store.CountsAsync(Stop)
        );
    }

    /// <summary>A step that uses every feature, so that there is much to roll back.</summary>
    private static Step Full(WorkflowRecord before) =>
        before.Finishes() with
        {
            StateVars = """{"a":1}""",
            Children = [A.Workflow("child")],
        };

    private static async Task<Exception?> AssertOnlyOthersAreWritten(
        Scene scene,
        Func<WorkflowRecord, Step> fault,
        EventVerdict verdict
    )
    {
        var first = await scene.RunningAsync("first");
        var faulty = await scene.RunningAsync("faulty");
        var last = await scene.RunningAsync("last");
        scene.Pass(seconds: 1);

        var result = await scene.WriteAsync(
            [A.Workflow("created")],
            [first.GoesTo("Pay"), fault(faulty), last.Finishes()]
        );

        Assert.Equal(
            [EventVerdict.Committed, verdict, EventVerdict.Committed],
            result.Events.Select(outcome => outcome.Verdict)
        );
        Assert.Equal("Pay", (await scene.AgainAsync(first)).State);
        Assert.Equal("Done", (await scene.AgainAsync(last)).State);
        Assert.False(result.Creates[0].Existed);
        Assert.Equal(faulty, await scene.AgainAsync(faulty));
        Assert.Single(await scene.HistoryAsync(faulty));
        Assert.Empty(await scene.Store.ChildrenAsync(new ChildSearch(faulty.Id), Stop));
        Assert.Equal([result.Creates[0].Id, first.Id, last.Id], result.Changes.Select(change => change.Id));
        return result.Events[1].Reason;
    }
}
