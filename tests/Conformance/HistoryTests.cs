using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The history that steps leave.</summary>
public sealed class HistoryTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Entries_of_a_step_come_in_their_order_with_executor_and_instant(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(before.WaitsForAPerson().Logging("at last"));

        Assert.Equal(
            [
                "CREATED Start: by a test",
                "TRANSITION Start: From Start to Approve",
                "LOG Approve: at last",
                "END Approve: waits for a person",
            ],
            await scene.TellAsync(before)
        );
        var written = (await scene.HistoryAsync(before)).Skip(1);
        Assert.All(written, action => Assert.Equal(before.Id, action.WorkflowId));
        Assert.All(written, action => Assert.Equal(scene.Executor, action.ExecutorId));
        Assert.All(written, action => Assert.Equal(scene.Now, action.DateTime));
        Assert.All(written, action => Assert.Equal((1, 0), (action.ExecutionCount, action.RetryCount)));
    }

    [Theory, OnEveryStore]
    public async Task Each_entry_tells_the_attempt_and_the_failed_attempts_before_it(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());
        await scene.CommittedAsync((await scene.ClaimedAsync()).RetriesAtOnce());
        var paid = await scene.CommittedAsync((await scene.ClaimedAsync()).GoesTo("Pay"));

        await scene.CommittedAsync(paid.Finishes());

        Assert.Equal(
            [
                (ActionTypes.Created, 0, 0),
                (ActionTypes.Error, 1, 0),
                (ActionTypes.Retry, 1, 0),
                (ActionTypes.Error, 2, 1),
                (ActionTypes.Retry, 2, 1),
                (ActionTypes.Transition, 3, 2),
                (ActionTypes.Transition, 4, 0),
                (ActionTypes.End, 4, 0),
            ],
            (await scene.HistoryAsync(paid)).Select(action => (action.Type, action.ExecutionCount, action.RetryCount))
        );
    }

    [Theory, OnEveryStore]
    public async Task Ids_of_entries_rise_within_a_workflow_whatever_others_write_between(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var one = await scene.RunningAsync("one");
        var two = await scene.RunningAsync("two");
        for (var step = 1; step <= 3; step++)
        {
            await scene.CommitAsync(one.GoesTo($"S{step}"), two.GoesTo($"S{step}"));
            (one, two) = (await scene.AgainAsync(one), await scene.AgainAsync(two));
        }

        foreach (var workflow in new[] { one, two })
        {
            var history = await scene.HistoryAsync(workflow);
            Assert.Equal(4, history.Count);
            Assert.Equal(history.OrderBy(action => action.Id), history);
            Assert.All(history, action => Assert.Equal(workflow.Id, action.WorkflowId));
            Assert.Equal("From S2 to S3", history[^1].Text);
        }
    }

    [Theory, OnEveryStore]
    public async Task Claims_and_hand_backs_leave_nothing_in_the_history(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");

        await scene.HandBackAsync(await scene.ClaimedAsync());

        Assert.Single(await scene.HistoryAsync(workflow));
    }
}
