using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Hosting;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Schedules;

/// <summary>Schedules that are declared in code.</summary>
public sealed class DeclaredScheduleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Declared_schedules_are_stored_at_startup_and_updated_when_changed()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        var first = await LiveAsync("0 2 * * *");
        Assert.Equal(("code:declared", 1, "0 2 * * *"), (first.CreatedBy, first.Revision, first.Definition.Cron));
        Assert.NotNull(first.Declared);
        clock.Advance(TimeSpan.FromHours(5));
        var second = await LiveAsync("0 2 * * *");
        Assert.Equal((first.Declared, first.Definition), (second.Declared, second.Definition));
        Assert.Equal(1, second.Position.CreatedCount);
        var third = await LiveAsync("0 8 * * *");
        Assert.Equal(("0 8 * * *", 1), (third.Definition.Cron, third.Position.CreatedCount));
        Assert.Equal(new DateTime(2026, 1, 1, 8, 0, 0), third.Position.NextDue!.Value.UtcDateTime);

        async Task<ScheduleRecord> LiveAsync(string cron)
        {
            await using var engine = await EngineHarness.StartAsync(
                store,
                clock,
                registration => registration.AddRuns().AddSchedule("nightly", "Ends", cron)
            );
            return await UntilAsync(
                engine,
                "nightly",
                schedule => schedule.Definition.Cron == cron && schedule.Position.NextDue > clock.GetUtcNow()
            );
        }
    }

    [Fact]
    public async Task Declared_schedules_can_only_be_changed_in_code()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration =>
                registration
                    .AddRuns()
                    .AddSchedule("nightly", "Ends", "0 2 * * *", schedule => schedule with { Priority = 1 })
        );
        var schedule = await UntilAsync(engine, "nightly", _ => true);
        Assert.Equal(1, schedule.Definition.Priority);
        var request = new SaveSchedule
        {
            Name = "nightly",
            Definition = schedule.Definition with { Priority = 2 },
            Actor = "ann",
        };

        Assert.Equal(ScheduleVerdict.Declared, (await engine.Schedules.ChangeAsync(request, Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.Declared, (await engine.Schedules.DeleteAsync("nightly", Stop)).Verdict);
        Assert.Equal(schedule, await engine.Schedules.FindAsync("nightly", Stop));
        Assert.Equal(ScheduleVerdict.Done, (await engine.Schedules.PauseAsync("nightly", "ann", Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.Done, (await engine.Schedules.TriggerAsync("nightly", "ann", Stop)).Verdict);
    }

    [Fact]
    public async Task A_schedule_removed_from_the_code_can_be_deleted()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.Sqlite, clock);
        await using (
            var before = await EngineHarness.StartAsync(
                store,
                clock,
                registration => registration.AddRuns().AddSchedule("nightly", "Ends", "0 2 * * *")
            )
        )
        {
            await UntilAsync(before, "nightly", _ => true);
        }

        await using var after = await EngineHarness.StartAsync(store, clock, registration => registration.AddRuns());
        Assert.Equal(ScheduleVerdict.Done, (await after.Schedules.DeleteAsync("nightly", Stop)).Verdict);
    }

    [Fact]
    public async Task A_schedule_stored_before_its_definition_waits_for_it()
    {
        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration => registration.AddRuns().AddSchedule("early", "Later", "* * * * *"),
            loggers: logs
        );
        await UntilAsync(engine, "early", _ => true);
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await EngineHarness.UntilLoggedAsync(logs, "Schedule 'early' is due, but there is no definition 'Later'");
        var due = (await engine.Schedules.FindAsync("early", Stop))!.Position.NextDue;
        Assert.Equal(new DateTime(2026, 1, 1, 0, 1, 0), due!.Value.UtcDateTime);
    }

    [Fact]
    public async Task An_attribute_declares_a_schedule()
    {
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration =>
                registration
                    .AddWorkflow<Report>()
                    .AddSchedule<Report>("hourly", "0 * * * *", schedule => schedule with { TimeZone = "Asia/Kolkata" })
        );
        var nightly = await UntilAsync(engine, "Report", _ => true);
        Assert.Equal(
            ("Report", "0 2 * * *", "Europe/Berlin", ScheduleOverlap.Queue, ScheduleCatchUp.None),
            (
                nightly.Definition.WorkflowType,
                nightly.Definition.Cron,
                nightly.Definition.TimeZone,
                nightly.Definition.Overlap,
                nightly.Definition.CatchUp
            )
        );
        var weekly = await UntilAsync(engine, "weekly", _ => true);
        Assert.Equal("0 3 * * MON", weekly.Definition.Cron);
        var hourly = await UntilAsync(engine, "hourly", _ => true);
        Assert.Equal(("Report", "Asia/Kolkata"), (hourly.Definition.WorkflowType, hourly.Definition.TimeZone));
    }

    [Fact]
    public async Task An_invalid_schedule_is_logged_and_the_others_are_stored()
    {
        using var logs = new LogCollector();
        await using var engine = await EngineHarness.StartAsync(
            StoreKind.InMemory,
            registration =>
                registration.AddRuns().AddSchedule("faulty", "Ends", "x").AddSchedule("nightly", "Ends", "0 2 * * *"),
            loggers: logs
        );
        await UntilAsync(engine, "nightly", _ => true);
        await EngineHarness.UntilLoggedAsync(
            logs,
            "Schedule 'faulty' from the code is not stored: cron: expected a cron"
        );
    }

    [Fact]
    public void Two_schedules_with_the_same_name_are_an_error()
    {
        var registration = new GopherFlowRegistration().AddRuns().AddSchedule("daily", "Ends", "0 8 * * *");
        registration.AddSchedule("daily", "Ends", "0 20 * * *");

        var fault = Assert.Single(Assert.Throws<InvalidDefinitionException>(registration.Build).Faults);

        Assert.Contains("'daily'", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<ScheduleRecord> UntilAsync(
        EngineHarness engine,
        string name,
        Func<ScheduleRecord, bool> condition
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await engine.Schedules.FindAsync(name, limit.Token) is { } schedule && condition(schedule))
            {
                return schedule;
            }

            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Schedule("0 2 * * *", TimeZone = "Europe/Berlin", Overlap = ScheduleOverlap.Queue, CatchUp = ScheduleCatchUp.None)]
    [Schedule("0 3 * * MON", Name = "weekly")]
    private sealed class Report : Workflow
    {
        [End]
        public const string Done = nameof(Done);

        [Start, GoesTo(Done)]
        public NextState Write() => NextState.GoTo(Done);
    }
}
