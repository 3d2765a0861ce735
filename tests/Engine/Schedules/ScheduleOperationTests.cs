using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Engine.Tests.Jobs;
using GopherFlow.Operations;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Schedules;

/// <summary>Operations of people on schedules, and their effects, on every store.</summary>
public sealed class ScheduleOperationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_run_starts_when_it_is_due(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateAsync(engine, schedule => schedule with { StateVars = """{"a":1}""", BusinessKey = "day {due}" });
        Assert.Equal(0, (await FindAsync(engine)).Position.CreatedCount);

        var schedule = await TurnUntilAsync(engine, position => position.CreatedCount == 1);

        var run = await engine.UntilAsync(schedule.Position.LastWorkflowId!.Value, WorkflowStatus.Finished);
        Assert.Equal(
            ("schedule:s:2026-01-01T00:01:00Z", "day 2026-01-01T00:01:00Z", """{"a":1}"""),
            (run.ExternalId, run.BusinessKey, run.StateVars)
        );
        Assert.Equal("CREATED Work: Created by schedule s", (await engine.HistoryAsync(run.Id))[0]);
        Assert.Equal([run.Id], (await engine.Schedules.RunsAsync("s", cancellation: Stop)).Select(each => each.Id));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_schedule_is_changed_and_deleted(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        var created = await CreateAsync(engine);
        Assert.Equal(ScheduleVerdict.Exists, (await engine.Schedules.CreateAsync(Request(), Stop)).Verdict);

        var bob = Request(schedule => schedule with { Cron = "0 3 * * *", TimeZone = "Asia/Kolkata" }) with
        {
            Actor = "bob",
        };
        var changed = (await engine.Schedules.ChangeAsync(bob, Stop)).Schedule!;
        Assert.Equal(
            ("ann", "bob", "0 3 * * *", 2),
            (changed.CreatedBy, changed.ChangedBy, changed.Definition.Cron, changed.Revision)
        );
        Assert.Equal(created.Created.Date.AddHours(21.5), changed.Position.NextDue!.Value.UtcDateTime);
        Assert.Equal(
            [changed.Position.NextDue!.Value, changed.Position.NextDue.Value.AddDays(1)],
            ScheduleOperations.NextDue(changed, 2)
        );

        Assert.Equal(ScheduleVerdict.Done, (await engine.Schedules.DeleteAsync("s", Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.NotFound, (await engine.Schedules.DeleteAsync("s", Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.NotFound, (await engine.Schedules.ChangeAsync(bob, Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.NotFound, (await engine.Schedules.PauseAsync("s", "ann", Stop)).Verdict);
        Assert.Equal(ScheduleVerdict.NotFound, (await engine.Schedules.TriggerAsync("s", "ann", Stop)).Verdict);
    }

    [Fact]
    public async Task A_change_of_the_started_workflow_keeps_the_next_due_instant()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var created = await CreateAsync(engine);
        engine.Clock.Advance(TimeSpan.FromSeconds(20));
        var changed = await engine.Schedules.ChangeAsync(Request(schedule => schedule with { Priority = 1 }), Stop);
        Assert.Equal((1, created.Position), (changed.Schedule!.Definition.Priority, changed.Schedule.Position));
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Nothing_is_due_while_a_schedule_is_paused_but_a_person_can_trigger_it(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateAsync(engine);
        var paused = (await engine.Schedules.PauseAsync("s", "bob", Stop)).Schedule!;
        Assert.Equal((true, null, "bob"), (paused.IsPaused, paused.Position.NextDue, paused.ChangedBy));
        Assert.Empty(ScheduleOperations.NextDue(paused, 5));
        await PassAsync(engine, minutes: 3);
        Assert.Equal(0, (await FindAsync(engine)).Position.CreatedCount);

        var triggered = await engine.Schedules.TriggerAsync("s", "bob", Stop);
        var run = await engine.UntilAsync(triggered.WorkflowId!.Value, WorkflowStatus.Finished);
        Assert.Equal("schedule:s:2026-01-01T00:03:00Z.000000:manual", run.ExternalId);
        Assert.Equal("CREATED Work: Created by bob", (await engine.HistoryAsync(run.Id))[0]);

        var resumed = (await engine.Schedules.ResumeAsync("s", "ann", Stop)).Schedule!;
        Assert.Equal(
            (false, 1, run.Id),
            (resumed.IsPaused, resumed.Position.CreatedCount, resumed.Position.LastWorkflowId)
        );
        var later = await TurnUntilAsync(engine, position => position.CreatedCount == 2);
        Assert.Equal(
            (new DateTime(2026, 1, 1, 0, 4, 0), 0),
            (later.Position.LastDue!.Value.UtcDateTime, later.Position.SkippedByCatchUp)
        );
    }

    [Theory, InlineData(StoreKind.InMemory), InlineData(StoreKind.Sqlite)]
    public async Task A_triggered_run_is_started_once_although_the_answer_is_lost(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var workflows = new InterceptedStore(store.Workflows)
        {
            Transient = trouble => trouble is LostException || store.Workflows.IsTransient(trouble),
        };
        var schedules = new InterceptedSchedules(store.Schedules);
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            registration => registration.AddRuns(),
            wrapped: workflows,
            schedules: schedules
        );
        await CreateAsync(engine);
        await engine.Schedules.PauseAsync("s", "bob", Stop);
        var tries = 0;
        schedules.Write = async write =>
        {
            // The first attempt is lost on its way, the second is stored.
            if (++tries > 1)
            {
                await write();
            }

            throw new LostException();
        };

        var triggering = engine.Schedules.TriggerAsync("s", "bob", Stop);
        while (!triggering.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var triggered = await triggering;
        Assert.Equal((ScheduleVerdict.Done, 2), (triggered.Verdict, tries));
        Assert.Equal(
            [triggered.WorkflowId!.Value],
            (await engine.Schedules.RunsAsync("s", cancellation: Stop)).Select(run => run.Id)
        );
        Assert.Equal(1, (await FindAsync(engine)).Position.CreatedCount);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_queued_run_starts_when_the_one_before_has_ended(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateAsync(engine, schedule => schedule with { WorkflowType = "Asks", Overlap = ScheduleOverlap.Queue });
        var first = await TurnUntilAsync(engine, position => position.Queued.Count == 2);
        var run = first.Position.LastWorkflowId!.Value;
        Assert.Equal([run], first.Position.OpenRuns);
        await engine.UntilAsync(run, WorkflowStatus.Waiting);

        await engine.Interventions.MoveAsync(
            new MoveWorkflow
            {
                WorkflowId = run,
                State = "Done",
                Actor = "ann",
            },
            Stop
        );

        // The clock does not advance: the end of the run triggers the next one.
        var second = await UntilAsync(engine, position => position.CreatedCount == 2);
        Assert.Single(second.Position.Queued);
        var next = await engine.FindAsync(second.Position.LastWorkflowId!.Value);
        Assert.Equal("schedule:s:2026-01-01T00:02:00Z", next.ExternalId);
    }

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_run_is_skipped_while_another_has_not_ended(StoreKind kind)
    {
        await using var engine = await StartAsync(kind);
        await CreateAsync(engine, schedule => schedule with { WorkflowType = "Asks" });
        var schedule = await TurnUntilAsync(engine, position => position.SkippedByOverlap == 2);
        Assert.Equal(
            (1, new SkippedRun(schedule.Position.LastDue!.Value, ScheduleSkipReason.Overlap)),
            (schedule.Position.CreatedCount, schedule.Position.LastSkipped)
        );
    }

    [Fact]
    public async Task The_error_names_the_invalid_field()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var faulty = Request(schedule =>
            schedule with
            {
                WorkflowType = " ",
                Cron = "* *",
                TimeZone = "Here",
                StateVars = "[]",
                BusinessKey = "",
                ExecutorGroup = "",
                Priority = 10,
                Overlap = (ScheduleOverlap)9,
                CatchUp = (ScheduleCatchUp)9,
                CatchUpLimit = 0,
            }
        ) with
        {
            Name = "a:b",
        };
        var rejected = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Schedules.CreateAsync(faulty, Stop)
        );
        Assert.Equal(
            [
                "businessKey",
                "catchUp",
                "catchUpLimit",
                "cron",
                "executorGroup",
                "name",
                "overlap",
                "priority",
                "stateVars",
                "timeZone",
                "workflowType",
            ],
            rejected.Faults.Select(fault => fault.Field).Order(StringComparer.Ordinal)
        );

        rejected = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.Schedules.CreateAsync(Request(schedule => schedule with { WorkflowType = "Unknown" }), Stop)
        );
        Assert.Equal("workflowType", Assert.Single(rejected.Faults).Field);
    }

    [Fact]
    public async Task External_ids_of_runs_are_reserved()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var rejected = await Assert.ThrowsAsync<RejectedRequestException>(() =>
            engine.CreateAsync("Ends", "schedule:s:2026-01-01T00:01:00Z")
        );
        Assert.Equal("externalId", Assert.Single(rejected.Faults).Field);
    }

    [Fact]
    public async Task A_preview_needs_no_schedule()
    {
        await using var engine = await StartAsync(StoreKind.InMemory);
        var definition = new ScheduleDefinition { WorkflowType = "", Cron = "0 2 * * *" };
        Assert.Equal(
            [
                new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 1, 2, 2, 0, 0, TimeSpan.Zero),
            ],
            engine.Schedules.Preview(definition, 2)
        );
        Assert.Throws<RejectedRequestException>(() => engine.Schedules.Preview(definition with { Cron = "x" }, 2));
    }

    private static Task<EngineHarness> StartAsync(StoreKind kind) =>
        EngineHarness.StartAsync(kind, registration => registration.AddRuns());

    private static SaveSchedule Request(Func<ScheduleDefinition, ScheduleDefinition>? change = null)
    {
        var definition = new ScheduleDefinition { WorkflowType = "Ends", Cron = "* * * * *" };
        return new SaveSchedule
        {
            Name = "s",
            Definition = change?.Invoke(definition) ?? definition,
            Actor = "ann",
        };
    }

    private static async Task<ScheduleRecord> CreateAsync(
        EngineHarness engine,
        Func<ScheduleDefinition, ScheduleDefinition>? change = null
    )
    {
        var created = await engine.Schedules.CreateAsync(Request(change), Stop);
        Assert.Equal(ScheduleVerdict.Done, created.Verdict);
        return created.Schedule!;
    }

    private static async Task<ScheduleRecord> FindAsync(EngineHarness engine) =>
        (await engine.Schedules.FindAsync("s", Stop))!;

    private static async Task PassAsync(EngineHarness engine, int minutes)
    {
        for (var turn = 0; turn < minutes * 12; turn++)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(5));
            await engine.RestAsync();
        }
    }

    private static async Task<ScheduleRecord> TurnUntilAsync(
        EngineHarness engine,
        Func<SchedulePosition, bool> condition
    )
    {
        for (var turn = 0; turn < 200; turn++)
        {
            var schedule = await FindAsync(engine);
            if (condition(schedule.Position))
            {
                return schedule;
            }

            engine.Clock.Advance(TimeSpan.FromSeconds(1));
            await engine.RestAsync();
        }

        throw new TimeoutException($"The schedule is still {await FindAsync(engine)}.");
    }

    private static async Task<ScheduleRecord> UntilAsync(EngineHarness engine, Func<SchedulePosition, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            if (await FindAsync(engine) is var schedule && condition(schedule.Position))
            {
                return schedule;
            }

            await Task.Yield();
        }
    }
}
