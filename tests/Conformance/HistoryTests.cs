using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The history entries of steps.</summary>
public sealed class HistoryTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Entries_of_a_step_are_in_order_with_executor_and_instant(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        scene.Pass(seconds: 1);

        await scene.CommittedAsync(before.WaitsForAPerson().Logging("at last"));

        Assert.Equal(
            [
                "CREATED Start: Created by a test",
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
        Assert.All(written, action => Assert.Equal((1, 0), (action.Entry.ExecutionCount, action.Entry.RetryCount)));
    }

    [Theory, OnEveryStore]
    public async Task Each_entry_has_the_attempt_and_the_number_of_earlier_failures(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CommittedAsync((await scene.RunningAsync("order-1")).RetriesAtOnce());
        await scene.CommittedAsync((await scene.ClaimedAsync()).RetriesAtOnce());
        var paid = await scene.CommittedAsync((await scene.ClaimedAsync()).GoesTo("Pay"));

        await scene.CommittedAsync(paid.Finishes());

        Assert.Equal(
            [
                (HistoryKind.Created, 0, 0),
                (HistoryKind.AttemptFailed, 1, 0),
                (HistoryKind.AttemptFailed, 2, 1),
                (HistoryKind.Transition, 3, 2),
                (HistoryKind.Transition, 4, 0),
            ],
            (await scene.HistoryAsync(paid)).Select(action =>
                (action.Entry.Kind, action.Entry.ExecutionCount, action.Entry.RetryCount)
            )
        );
    }

    [Theory, OnEveryStore]
    public async Task Entry_ids_increase_within_a_workflow_despite_concurrent_writes(StoreKind kind)
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
            Assert.Equal(("S2", "S3"), (history[^1].Entry.From, history[^1].Entry.To));
        }
    }

    [Theory, OnEveryStore]
    public async Task All_fields_of_an_entry_round_trip(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var failure = new StepFailed(
            before.Lease,
            before.ExecutionCount,
            new StepError("IOException", "the disk is full") { Stack = "at Disk.Write()\n   at Order.Pay()" },
            RetryPolicy.None,
            Random: 0
        )
        {
            IsRetryable = false,
            Duration = TimeSpan.FromMicroseconds(1_234_567),
        };

        await scene.WriteAsync([], [new EventFor(before.Id, failure) { Known = before }]);

        var entry = (await scene.HistoryAsync(before))[^1].Entry;
        Assert.Equal(
            new HistoryEntry
            {
                Kind = HistoryKind.AttemptFailed,
                From = before.State,
                To = before.State,
                Status = WorkflowStatus.Failed,
                Step = before.Step,
                ExecutionCount = 1,
                ByExecutor = true,
                Duration = TimeSpan.FromMicroseconds(1_234_567),
                Error = failure.Error,
                Details = new HistoryDetails { IsNotRetryable = true },
            },
            entry
        );
    }

    [Theory, OnEveryStore]
    public async Task A_history_can_be_read_from_a_position(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var going = await scene.RunningAsync("order-1");
        foreach (var state in new[] { "A", "B", "C", "D" })
        {
            going = await scene.CommittedAsync(going.GoesTo(state));
        }

        var all = await scene.HistoryAsync(going);
        var page = await scene.Store.ActionsAsync(new ActionSearch(going.Id, 2) { AfterId = all[1].Id }, Stop);
        var between = await scene.Store.ActionsAsync(
            new ActionSearch(going.Id, 10, BeforeId: all[3].Id) { AfterId = all[0].Id },
            Stop
        );

        Assert.Equal([all[2], all[3]], page);
        Assert.Equal([all[1], all[2]], between);
    }

    [Theory, OnEveryStore]
    public async Task A_history_is_summed_by_kind_and_states(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var going = await scene.RunningAsync("order-1");
        for (var round = 0; round < 3; round++)
        {
            scene.Pass(seconds: 2);
            going = await scene.CommittedAsync(going.GoesTo("Wait"));
            scene.Pass(seconds: 5);
            going = await scene.CommittedAsync(going.GoesTo("Start"));
        }

        var sums = await scene.Store.HistorySumsAsync(going.Id, Stop);

        var there = sums.Single(sum => sum is { Kind: HistoryKind.Transition, From: "Start", To: "Wait" });
        var back = sums.Single(sum => sum is { Kind: HistoryKind.Transition, From: "Wait", To: "Start" });
        Assert.Equal(3, sums.Count);
        Assert.Equal((3, TimeSpan.FromSeconds(2 + 9 + 16)), (there.Count, there.Elapsed));
        Assert.Equal((3, TimeSpan.FromSeconds(7 + 14 + 21)), (back.Count, back.Elapsed));
        Assert.Equal(scene.Now, back.Last);
        Assert.True(there.FirstId < back.FirstId && there.LastId < back.LastId);
        Assert.Empty(await scene.Store.HistorySumsAsync(going.Id + 1000, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Changes_of_variables_are_read_up_to_a_position(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");
        await scene.SetVariableAsync(workflow, "a", "1");
        var position = (await scene.HistoryAsync(workflow))[^1].Id;
        await scene.SetVariableAsync(workflow, "a", "2");

        var changes = await scene.Store.TracedChangesAsync(workflow.Id, position, Stop);

        Assert.Equal(new TracedChange(position, """{"set":{"a":1}}"""), Assert.Single(changes));
        Assert.Equal(2, (await scene.Store.TracedChangesAsync(workflow.Id, long.MaxValue, Stop)).Count);
    }

    [Theory, OnEveryStore]
    public async Task Children_are_paged_and_variables_are_optional(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var parent = await scene.RunningAsync("parent");
        var variables = """{"a":1}""";
        await scene.CommittedAsync(
            parent.GoesTo("Split") with
            {
                Children =
                [
                    .. Enumerable
                        .Range(1, 5)
                        .Select(number => A.Workflow($"child-{number}") with { StateVars = variables }),
                ],
            }
        );

        var search = new ChildSearch(parent.Id) { Limit = 2, WithVariables = false };
        var first = await scene.Store.ChildrenAsync(search, Stop);
        var second = await scene.Store.ChildrenAsync(
            search with
            {
                AfterId = first[^1].Id,
                WithVariables = true,
            },
            Stop
        );

        Assert.Equal(["child-1", "child-2"], first.Select(child => child.ExternalId));
        Assert.Equal(["child-3", "child-4"], second.Select(child => child.ExternalId));
        Assert.All(first, child => Assert.Equal("{}", child.StateVars));
        Assert.All(second, child => Assert.Equal(variables, child.StateVars));
        var withoutLarge = await scene.Store.ChildrenAsync(
            search with
            {
                WithVariables = true,
                LargestValue = 6,
            },
            Stop
        );
        Assert.All(withoutLarge, child => Assert.Equal("", child.StateVars));
    }

    [Theory, OnEveryStore]
    public async Task The_result_of_a_workflow_is_kept_until_it_runs_again(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = await scene.RunningAsync("order-1");
        var ended = (StepSucceeded)before.Finishes().Ended with { Output = """{"total":3}""" };

        await scene.WriteAsync([], [new EventFor(before.Id, ended) { Known = before }]);

        Assert.Equal("""{"total":3}""", (await scene.AgainAsync(before)).Output);
        await scene.MoveAsync(before, A.Move("Start"));
        Assert.Null((await scene.AgainAsync(before)).Output);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_begins_anew_keeps_the_history_of_two_generations(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var going = await scene.RunningAsync("order-1");
        var other = await scene.CommittedAsync((await scene.RunningAsync("order-2")).GoesTo("Elsewhere"));
        for (var generation = 1; generation <= 3; generation++)
        {
            going = await scene.CommittedAsync(going.GoesTo("Wait"));
            var anew = (StepSucceeded)going.GoesTo("Start").Ended with
            {
                ContinuesAnew = true,
                StateVars = $$"""{"generation":{{generation}}}""",
            };
            await scene.WriteAsync([], [new EventFor(going.Id, anew) { Known = going }]);
            going = await scene.AgainAsync(going);
        }

        Assert.Equal(("Start", 6, """{"generation":3}"""), (going.State, going.Step, going.StateVars));
        Assert.Equal(
            [HistoryKind.ContinuedAnew, HistoryKind.Transition, HistoryKind.ContinuedAnew],
            (await scene.HistoryAsync(going)).Select(action => action.Entry.Kind)
        );
        Assert.Equal(2, (await scene.HistoryAsync(other)).Count);
    }

    [Theory, OnEveryStore]
    public async Task Claims_and_releases_leave_no_history(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.CreatedAsync("order-1");

        await scene.HandBackAsync(await scene.ClaimedAsync());

        Assert.Single(await scene.HistoryAsync(workflow));
    }
}
