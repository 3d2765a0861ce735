using GopherFlow.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing.Tests;

/// <summary>A workflow continues by signals, by time and by hand moves.</summary>
public sealed class CourseTests
{
    private static readonly Order Small = new("pen", 2.5m);
    private static readonly Order Large = new("piano", 25_000);

    [Fact]
    public async Task A_run_goes_from_start_to_end_and_skips_waits()
    {
        var (flow, payments) = await Orders.TestAsync();
        await using var _ = flow;
        var began = flow.Now;

        var run = await flow.StartAsync(Small, "order 7");
        await run.UntilAsync("Thank");
        Assert.Equal(began, flow.Now);
        await run.EndAsync("Done");

        Assert.Equal(TimeSpan.FromDays(2), flow.Now - began);
        Assert.Equal(["Check", "Charge", "Thank", "Done"], run.Path);
        Assert.Equal("receipt 1 for 2.5", run.Variables["receipt"]);
        Assert.Equal(Small, run.Data<Order>());
        Assert.Equal("receipt 1 for 2.5", run.Result<Dictionary<string, string>>()["receipt"]);
        Assert.Equal(["test-1:1"], payments.Keys);
        Assert.Equal("order 7", run.BusinessKey);
    }

    [Fact]
    public async Task A_signal_can_be_sent_by_the_type_of_its_payload()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(Large);
        run.AssertState("Approval");

        await run.SignalAsync(new Decision(false));

        run.AssertStatus(WorkflowStatus.Error).AssertPath("Check", "Approval", "Refused");
    }

    [Fact]
    public async Task A_signal_sent_by_name_counts_once_per_key()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Count")
                .Start("Begin", _ => WaitFor("add").Then("Add"), ["Add"])
                .State(
                    "Add",
                    step =>
                    {
                        step.Variables.Set("sum", step.Variables.Get("sum", 0) + step.Signal!.Get<int>());
                        return WaitFor("add").Then("Add");
                    },
                    ["Add", "Done"]
                )
                .End("Done")
                .Build()
        );
        var run = await flow.StartAsync();

        await run.SignalAsync("add", 2, key: "a");
        await run.SignalAsync("add", 2, key: "a");
        await run.SignalAsync("add", 5);

        run.AssertVariable("sum", 7);
    }

    [Fact]
    public async Task Without_a_decision_the_deadline_is_reached()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var run = await flow.StartAsync(Large);

        flow.Advance(days: 2, hours: 23);
        run.AssertState("Approval");
        flow.Advance(hours: 1);
        run.AssertState("Thank");
        flow.Advance(days: 2);

        run.AssertStatus(WorkflowStatus.Finished);
    }

    [Fact]
    public async Task Steps_due_during_Advance_run_at_their_own_time()
    {
        await using var flow = await FlowTest.For(Hourly());
        var began = flow.Now;
        var run = await flow.StartAsync();

        flow.Advance(hours: 5.5);

        Assert.Equal(
            [.. Enumerable.Range(0, 6).Select(hour => began.AddHours(hour))],
            run.Variables.Get<DateTimeOffset[]>("ran")
        );
        Assert.Equal(began.AddHours(5.5), flow.Now);
    }

    [Fact]
    public async Task The_engine_survives_a_jump_of_years()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Long")
                .Start("Begin", _ => GoTo("Wake").After(TimeSpan.FromDays(1000)), ["Wake"])
                .State("Wake", _ => GoTo("Done"), ["Done"])
                .End("Done")
                .Build()
        );
        var run = await flow.StartAsync();
        flow.Advance(days: 999);
        run.AssertState("Wake");

        await run.EndAsync("Done");

        Assert.Equal(1000, (flow.Now - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays);
    }

    [Fact]
    public async Task Waits_are_not_skipped_when_SkipWaits_is_false()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        flow.SkipWaits = false;
        var run = await flow.StartAsync(Small);

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());

        Assert.Equal("it is in 'Thank' and is due at 2026-01-03 00:00:00", fault.Actual);
        Assert.Equal(TimeSpan.Zero, flow.Now - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_workflow_that_loops_forever_fails_the_test_after_MostSkips()
    {
        await using var flow = await FlowTest.For(Hourly());
        flow.MostSkips = 1_000;
        var run = await flow.StartAsync();

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());

        Assert.StartsWith("after 1,000 skipped waits it is in 'Run'", fault.Actual, StringComparison.Ordinal);
        Assert.Contains("... 972 before", fault.Message);
    }

    [Fact]
    public async Task A_function_can_wait_on_the_clock()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder.Named("Slow").Start("Begin", WaitAsync, ["Done"]).End("Done").Build()
        );
        var began = flow.Now;

        var run = await flow.StartAsync();
        run.AssertStatus(WorkflowStatus.Executing);
        await run.EndAsync("Done");

        Assert.Equal(began.AddMinutes(2), flow.Now);

        static async Task<NextState> WaitAsync(StepContext step)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), step.Clock, step.Cancellation);
            await Task.Delay(
                TimeSpan.FromMinutes(1),
                step.Services.GetRequiredService<TimeProvider>(),
                step.Cancellation
            );
            return GoTo("Done");
        }
    }

    [Fact]
    public async Task A_function_that_never_ends_is_reported()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.RealTimeout(TimeSpan.FromSeconds(1))
                .AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Stuck")
                        .Start("Begin", step => Never(step), ["Done"])
                        .End("Done")
                        .Build()
                )
        );

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => flow.StartAsync());

        Assert.Contains("these functions are still running: 'Begin' of Stuck 1, attempt 1", fault.Actual);

        static Task<NextState> Never(StepContext step) =>
            new TaskCompletionSource<NextState>().Task.WaitAsync(step.Cancellation);
    }

    [Fact]
    public async Task A_function_that_blocks_is_reported()
    {
        using var gate = new ManualResetEventSlim();
        await using var flow = await FlowTest.With(plan =>
            plan.RealTimeout(TimeSpan.FromSeconds(1))
                .AddDefinition(
                    WorkflowDefinitionBuilder.Named("Blocked").Start("Begin", Block, ["Done"]).End("Done").Build()
                )
        );

        var fault = await Assert.ThrowsAsync<FlowTestException>(() => flow.StartAsync());
        gate.Set();

        Assert.Contains("these functions are still running: 'Begin' of Blocked 1, attempt 1", fault.Actual);

        NextState Block(StepContext step)
        {
            gate.Wait(TestContext.Current.CancellationToken);
            return GoTo("Done");
        }
    }

    [Fact]
    public async Task A_test_needs_a_workflow() =>
        await Assert.ThrowsAsync<ArgumentException>(() => FlowTest.With(plan => plan));

    [Fact]
    public async Task An_invalid_workflow_is_rejected() =>
        await Assert.ThrowsAsync<InvalidDefinitionException>(() => FlowTest.For<Faulty>());

    [Fact]
    public async Task A_step_cancelled_while_held_writes_nothing()
    {
        var (flow, payments) = await Orders.TestAsync();
        await using var _ = flow;
        using var hold = flow.HoldAt("Charge");
        var run = await flow.StartAsync(Small);
        run.AssertState("Charge").AssertStatus(WorkflowStatus.Executing);

        await run.CancelAsync();
        hold.Release();
        await flow.SettleAsync();

        run.AssertStatus(WorkflowStatus.Cancelled);
        Assert.Empty(payments.Keys);
    }

    [Fact]
    public async Task A_paused_workflow_stops_after_its_step_until_it_is_resumed()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;
        var hold = flow.HoldAt("Charge");
        var run = await flow.StartAsync(Small);
        await run.PauseAsync();
        hold.Release();
        await flow.SettleAsync();
        run.AssertState("Thank").AssertStatus(WorkflowStatus.Paused);
        await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());

        await run.ResumeAsync();
        await run.EndAsync("Done");
    }

    [Fact]
    public async Task A_hand_move_out_of_a_manual_state_can_set_variables()
    {
        await using var flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Ask")
                .Start("Begin", _ => GoTo("Desk"), ["Desk"])
                .Manual("Desk", "Take", "Leave")
                .State("Take", step => GoTo("Taken").Returning(step.Variables["why"]), ["Taken"])
                .End("Taken")
                .End("Leave")
                .Build()
        );
        var run = await flow.StartAsync();
        await run.UntilAsync("Desk");

        await Assert.ThrowsAsync<RejectedRequestException>(() => run.MoveAsync("Taken"));
        await run.SetAsync(new { Color = "red" });
        await run.MoveAsync("Take", new { Why = "it fits" });

        run.AssertPath("Begin", "Desk", "Take", "Taken").AssertData(new { Color = "red", Why = "it fits" });
        Assert.Equal("it fits", run.Result<string>());
        Assert.Equal([null, null, "test", null], run.Visits.Select(visit => visit.MovedBy));
    }

    [Fact]
    public async Task Children_run_as_real_workflows()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Parent")
                        .Start("Split", Split, ["Sum"])
                        .State("Sum", SumAsync, ["Done"])
                        .End("Done")
                        .Build()
                )
                .AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Child")
                        .Start("Begin", _ => GoTo("Work").After(TimeSpan.FromHours(1)), ["Work"])
                        .State("Work", step => GoTo("Done").Returning(step.Variables.Get<int>("number")), ["Done"])
                        .End("Done")
                        .Build()
                )
        );

        var run = await flow.StartAsync();
        Assert.Equal(50, run.Children.Count(child => child.State == "Work"));
        await run.EndAsync("Done");

        run.AssertResult(1225);
        Assert.All(run.Children, child => child.AssertStatus(WorkflowStatus.Finished));
        Assert.Equal(51, flow.Runs.Count);
        (await flow.StartAsync("Child", new { Number = 3 }, "alone")).AssertState("Work");

        static NextState Split(StepContext step) =>
            GoTo("Sum")
                .Spawn(
                    Enumerable.Range(0, 50).Select(number => step.NewChild("Child", $"{number}").With("number", number))
                )
                .WhenChildrenFinished();

        static async Task<NextState> SumAsync(StepContext step) =>
            GoTo("Done").Returning((await step.GetChildResultsAsync()).Sum(child => child.Output!.As<int>()));
    }

    [Fact]
    public async Task An_input_of_the_wrong_shape_is_rejected()
    {
        var (flow, _) = await Orders.TestAsync();
        await using var _1 = flow;

        await Assert.ThrowsAsync<RejectedRequestException>(() => flow.StartAsync(new { Item = "pen" }));
        await Assert.ThrowsAsync<ArgumentException>(() => flow.StartAsync(7));
        Assert.Empty(flow.Runs);
    }

    [Fact]
    public async Task Code_run_by_the_engine_cannot_wait_for_the_engine()
    {
        FlowTest? flow = null;
        flow = await FlowTest.For(
            WorkflowDefinitionBuilder
                .Named("Caller")
                .Retry(RetryPolicy.None)
                .Start("Begin", Call, ["Done"])
                .End("Done")
                .Build()
        );
        await using var _ = flow;

        var run = await flow.StartAsync();

        Assert.Contains("Code that the engine runs cannot wait for the engine", run.LastError);

        NextState Call(StepContext step)
        {
            flow!.Advance(days: 1);
            return GoTo("Done");
        }
    }

    private sealed class Faulty : Workflow
    {
        [Start, GoesTo("Nowhere")]
        public NextState Begin() => GoTo("Nowhere");
    }

    private static WorkflowDefinition Hourly() =>
        WorkflowDefinitionBuilder.Named("Hourly").Start("Run", RunHourly, ["Run", "Done"]).End("Done").Build();

    private static NextState RunHourly(StepContext step)
    {
        var ran = step.Variables.Get<DateTimeOffset[]>("ran", []);
        step.Variables.Set("ran", ran.Append(step.Clock.GetUtcNow()).TakeLast(10));
        return GoTo("Run").After(TimeSpan.FromHours(1));
    }
}
