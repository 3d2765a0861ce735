using GopherFlow.Operations.Schedules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GopherFlow.Testing.Tests;

/// <summary>Schedules run as the test clock advances.</summary>
public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Thursday = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_schedule_of_a_class_starts_its_runs_when_they_are_due()
    {
        await using var flow = await FlowTest.For<Report>();
        flow.Advance(hours: 6.5);
        Assert.Empty(flow.Runs);

        flow.Advance(days: 5);

        Assert.Equal(
            ["2026-01-01 07:30", "2026-01-02 07:30", "2026-01-05 07:30"],
            flow.Runs.Select(run => run.Variables["written"])
        );
        Assert.All(flow.Runs, run => run.AssertState("Sent"));
    }

    [Fact]
    public async Task A_schedule_added_by_the_test_sets_variables_and_business_key()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(Definition("Count"))
                .AddSchedule(
                    "often",
                    "Count",
                    "*/15 * * * *",
                    schedule => schedule with { StateVars = """{"by":5}""", BusinessKey = "count of {due}" }
                )
        );

        flow.Advance(minutes: 31);

        Assert.Equal(2, flow.Runs.Count);
        Assert.Equal("count of 2026-01-01T00:15:00Z", flow.Runs[0].BusinessKey);
        flow.Runs[1].AssertVariable("by", 5).AssertState("Done");
    }

    [Fact]
    public async Task A_queued_run_starts_when_the_previous_run_has_ended()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(Definition("Slow", TimeSpan.FromMinutes(90)))
                .AddSchedule(
                    "hourly",
                    "Slow",
                    "0 * * * *",
                    schedule => schedule with { Overlap = ScheduleOverlap.Queue }
                )
        );

        flow.Advance(hours: 2);
        Assert.Single(flow.Runs);
        flow.Advance(minutes: 30);

        Assert.Equal(2, flow.Runs.Count);
        Assert.Equal(Thursday.AddHours(2.5), flow.Now);
        flow.Runs[0].AssertState("Done");
        flow.Runs[1].AssertState("Work");
    }

    [Fact]
    public async Task Scheduled_runs_start_during_a_skipped_wait()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(Definition("Slow", TimeSpan.FromDays(3))).AddWorkflow<Report>()
        );
        var run = await flow.StartAsync();

        await run.EndAsync("Done");

        Assert.Equal(2, flow.Runs.Count(each => each.WorkflowType == "Report"));
    }

    [Fact]
    public async Task A_test_does_not_skip_time_for_a_schedule_alone()
    {
        await using var flow = await FlowTest.With(plan =>
            plan.AddDefinition(
                    WorkflowDefinitionBuilder
                        .Named("Waits")
                        .Start("Ask", _ => NextState.WaitFor("answer").Then("Done"), ["Done"])
                        .End("Done")
                        .Build()
                )
                .AddWorkflow<Report>()
        );
        var run = await flow.StartAsync();

        await Assert.ThrowsAsync<FlowTestException>(() => run.EndAsync());

        Assert.Equal(Thursday, flow.Now);
    }

    [Fact]
    public async Task A_schedule_can_be_created_and_triggered_by_hand()
    {
        await using var flow = await FlowTest.For<Report>();
        var schedules = flow.Services.GetRequiredService<ScheduleOperations>();
        await schedules.CreateAsync(
            new SaveSchedule
            {
                Name = "monthly",
                Definition = new ScheduleDefinition { WorkflowType = "Report", Cron = "0 4 L * *" },
                Actor = "ann",
            },
            TestContext.Current.CancellationToken
        );
        await schedules.PauseAsync("Report", "ann", TestContext.Current.CancellationToken);
        await schedules.TriggerAsync("monthly", "ann", TestContext.Current.CancellationToken);
        await flow.SettleAsync();
        Assert.Single(flow.Runs);

        flow.Advance(days: 31);

        Assert.Equal(["monthly", "monthly"], flow.Runs.Select(run => run.BusinessKey));
    }

    [Fact]
    public async Task A_schedule_runs_on_the_clock_of_the_test()
    {
        var clock = new FakeTimeProvider(Thursday);
        await using var flow = await FlowTest.With(plan => plan.AddWorkflow<Report>().UseClock(clock));

        clock.Advance(TimeSpan.FromDays(1));
        await flow.SettleAsync();
        Assert.Single(flow.Runs);
        clock.Advance(TimeSpan.FromDays(1));
        await flow.SettleAsync();

        Assert.Equal(2, flow.Runs.Count);
    }

    [Fact]
    public async Task An_invalid_schedule_is_reported_when_the_test_starts()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            FlowTest.With(plan => plan.AddWorkflow<Report>().AddSchedule<Report>("weekly", "0 4 * *"))
        );

        Assert.Contains("The schedule 'weekly' is invalid", fault.Message);
        Assert.Contains("0 4 * *", fault.Message);
    }

    [Fact]
    public async Task Schedule_variables_that_do_not_match_the_input_are_reported_when_the_test_starts()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            FlowTest.With(plan => plan.AddWorkflow<Orders>().AddSchedule<Orders>("standing", "@daily"))
        );

        Assert.Contains("stateVars", fault.Message);
    }

    private static WorkflowDefinition Definition(string name, TimeSpan takes = default) =>
        WorkflowDefinitionBuilder
            .Named(name)
            .Start("Begin", _ => NextState.GoTo("Work").After(takes), ["Work"])
            .State("Work", _ => NextState.GoTo("Done"), ["Done"])
            .End("Done")
            .Build();

    [Workflow("Report"), Schedule("30 7 * * MON-FRI")]
    internal sealed class Report : Workflow
    {
        [Start, GoesTo(Sent)]
        public NextState Write()
        {
            Variables["written"] = $"{Step.Clock.GetUtcNow():yyyy-MM-dd HH:mm}";
            return GoTo(Sent);
        }

        [End]
        public const string Sent = "Sent";
    }
}
