using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Schedules: storing, finding, and writing them together with their runs.</summary>
public sealed class ScheduleTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_schedule_is_stored_with_all_fields(StoreKind kind)
    {
        var schedules = (await OpenAsync(kind)).Schedules;
        var plain = ASchedule("plain");
        var full = Full("full");

        Assert.True(await schedules.CreateScheduleAsync(plain, Stop));
        Assert.True(await schedules.CreateScheduleAsync(full, Stop));
        Assert.False(await schedules.CreateScheduleAsync(full with { CreatedBy = "another" }, Stop));

        AssertSame(plain, await schedules.FindScheduleAsync("plain", Stop));
        AssertSame(full, await schedules.FindScheduleAsync("full", Stop));
        Assert.Null(await schedules.FindScheduleAsync("Full", Stop));
    }

    [Theory, OnEveryStore]
    public async Task Schedules_are_listed_by_name(StoreKind kind)
    {
        var schedules = (await OpenAsync(kind)).Schedules;
        foreach (var name in (string[])["b", "a", "B", "c"])
        {
            await schedules.CreateScheduleAsync(ASchedule(name), Stop);
        }

        Assert.Equal(["B", "a", "b", "c"], Names(await schedules.SchedulesAsync(new ScheduleSearch(10), Stop)));
        Assert.Equal(["B", "a"], Names(await schedules.SchedulesAsync(new ScheduleSearch(2), Stop)));
        Assert.Equal(["b", "c"], Names(await schedules.SchedulesAsync(new ScheduleSearch(10, "a"), Stop)));

        Assert.True(await schedules.DeleteScheduleAsync("a", Stop));
        Assert.False(await schedules.DeleteScheduleAsync("a", Stop));
        Assert.Equal(["B", "b", "c"], Names(await schedules.SchedulesAsync(new ScheduleSearch(10), Stop)));
    }

    [Theory, OnEveryStore]
    public async Task Due_and_queued_schedules_are_found_unless_paused(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var schedules = scene.Schedules;
        Assert.Null(await schedules.NextScheduleDueAsync(scene.Now, Stop));
        await schedules.CreateScheduleAsync(DueAt("late", scene.Now.AddSeconds(-60)), Stop);
        await schedules.CreateScheduleAsync(DueAt("now", scene.Now), Stop);
        await schedules.CreateScheduleAsync(DueAt("paused", scene.Now) with { IsPaused = true }, Stop);
        await schedules.CreateScheduleAsync(DueAt("soon", scene.Now.AddSeconds(1)), Stop);
        var queued = DueAt("queued", scene.Now.AddSeconds(9));
        await schedules.CreateScheduleAsync(
            queued with
            {
                Position = queued.Position with { Queued = [scene.Now.AddSeconds(-1)] },
            },
            Stop
        );
        await schedules.CreateScheduleAsync(DueAt("never", null), Stop);

        var due = await schedules.DueSchedulesAsync(scene.Now, new ScheduleSearch(10), Stop);
        Assert.Equal(["late", "now", "queued"], Names(due));
        Assert.Equal(scene.Now.AddSeconds(1), await schedules.NextScheduleDueAsync(scene.Now, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Due_schedules_are_paged_by_name(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var schedules = scene.Schedules;
        foreach (var (seconds, name) in ((string[])["b", "a", "c", "B"]).Index())
        {
            await schedules.CreateScheduleAsync(DueAt(name, scene.Now.AddSeconds(-seconds)), Stop);
        }

        await schedules.CreateScheduleAsync(DueAt("aa", scene.Now.AddSeconds(1)), Stop);

        Assert.Equal(["B", "a"], await PageAsync(after: null));
        Assert.Equal(["b", "c"], await PageAsync(after: "a"));
        Assert.Empty(await PageAsync(after: "c"));

        async Task<IEnumerable<string>> PageAsync(string? after) =>
            Names(await schedules.DueSchedulesAsync(scene.Now, new ScheduleSearch(2, after), Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_turn_creates_runs_and_advances_the_schedule(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = DueAt("nightly", scene.Now);
        await scene.Schedules.CreateScheduleAsync(before, Stop);

        var turn = new ScheduleWrite(before.Revision, Moved(before, scene.Now), [RunOf(before, scene.Now)], scene.Now);
        var result = await scene.Schedules.WriteScheduleAsync(turn, Stop);

        var run = Assert.Single(result.Creates);
        Assert.Equal(run.Id, Assert.Single(result.Changes).Id);
        var stored = await scene.Schedules.FindScheduleAsync("nightly", Stop);
        AssertSame(result.Schedule!, stored);
        Assert.Equal(
            (2, scene.Now.AddHours(1), scene.Now, run.Id, 1),
            (
                stored!.Revision,
                stored.Position.NextDue,
                stored.Position.LastDue,
                stored.Position.LastWorkflowId,
                stored.Position.CreatedCount
            )
        );
        Assert.Equal([run.Id], stored.Position.OpenRuns);
        var created = await scene.FindAsync(run.Id);
        Assert.Equal(before.ExternalIdOf(scene.Now), created.ExternalId);
        Assert.Equal("schedule:nightly", (await scene.HistoryAsync(created))[0].Entry.Actor);
    }

    [Theory, OnEveryStore]
    public async Task A_turn_under_an_old_revision_writes_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = DueAt("nightly", scene.Now);
        await scene.Schedules.CreateScheduleAsync(before, Stop);
        var turn = new ScheduleWrite(before.Revision, Moved(before, scene.Now), [RunOf(before, scene.Now)], scene.Now);
        var first = await scene.Schedules.WriteScheduleAsync(turn, Stop);

        var later = scene.Now.AddHours(1);
        var late = turn with { After = Moved(before, later), Creates = [RunOf(before, later)] };
        var second = await scene.Schedules.WriteScheduleAsync(late, Stop);

        Assert.Null(second.Schedule);
        Assert.Empty(second.Creates);
        AssertSame(first.Schedule!, await scene.Schedules.FindScheduleAsync("nightly", Stop));
        Assert.Single(await scene.SearchAsync(new WorkflowSearch { Limit = 10 }));
        await scene.Schedules.DeleteScheduleAsync("nightly", Stop);
        Assert.Null((await scene.Schedules.WriteScheduleAsync(turn with { Revision = 2 }, Stop)).Schedule);
    }

    [Theory, OnEveryStore]
    public async Task Only_one_of_concurrent_turns_is_written(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var before = DueAt("nightly", scene.Now);
        await scene.Schedules.CreateScheduleAsync(before, Stop);

        var turns = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(hour =>
                    scene.Schedules.WriteScheduleAsync(
                        new ScheduleWrite(
                            before.Revision,
                            Moved(before, scene.Now),
                            [RunOf(before, scene.Now.AddHours(hour))],
                            scene.Now
                        ),
                        Stop
                    )
                )
        );

        Assert.Single(turns, turn => turn.Schedule is not null);
        Assert.Single(await scene.SearchAsync(new WorkflowSearch { Limit = 10 }));
    }

    [Theory, OnEveryStore]
    public async Task Runs_are_found_newest_first_and_marked_as_unfinished(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var schedule = DueAt("a.b", scene.Now);
        var other = DueAt("a.b-c", scene.Now);
        var hours = Enumerable.Range(0, 3).Select(hour => scene.Now.AddHours(hour)).ToList();
        await scene.CreateAsync([.. hours.Select(due => RunOf(schedule, due)), RunOf(other, scene.Now)]);

        var runs = await scene.Schedules.ScheduleRunsAsync(new ScheduleRunSearch("schedule:a.b:", 10), Stop);
        Assert.Equal([.. hours.Select(schedule.ExternalIdOf).Reverse()], runs.Select(run => run.ExternalId));
        Assert.Equal(runs[0] with { StateVars = "{}" }, (await scene.FindAsync(runs[0].Id)) with { StateVars = "{}" });
        var page = await scene.Schedules.ScheduleRunsAsync(new ScheduleRunSearch("schedule:a.b:", 1), Stop);
        var search = new ScheduleRunSearch("schedule:a.b:", 10, page[0].ExternalId);
        Assert.Equal(runs.Skip(1), await scene.Schedules.ScheduleRunsAsync(search, Stop));

        await scene.MoveAsync(runs[1], A.Move("Over", WorkflowStatus.Finished));
        Assert.Equal(
            [runs[2].Id, runs[0].Id],
            await scene.Schedules.UnfinishedRunsAsync([runs[2].Id, runs[1].Id, runs[0].Id, 9999], Stop)
        );
    }

    private static ScheduleRecord ASchedule(string name) =>
        new()
        {
            Name = name,
            Definition = new ScheduleDefinition { WorkflowType = A.Type, Cron = "0 * * * *" },
            CreatedBy = "ann",
            Created = A.FirstInstant,
            ChangedBy = "ann",
            Changed = A.FirstInstant,
        };

    private static ScheduleRecord DueAt(string name, DateTimeOffset? due) =>
        ASchedule(name) with
        {
            Position = new SchedulePosition { NextDue = due },
        };

    /// <summary>No field has its default value.</summary>
    private static ScheduleRecord Full(string name) =>
        ASchedule(name) with
        {
            Definition = new ScheduleDefinition
            {
                WorkflowType = "Grüße ",
                Every = TimeSpan.FromMinutes(90),
                TimeZone = "Europe/Berlin",
                StateVars = """{"text":"ß'\\"}""",
                BusinessKey = "{schedule} {due}",
                ExecutorGroup = "night",
                Priority = 9,
                Overlap = ScheduleOverlap.Queue,
                CatchUp = ScheduleCatchUp.All,
                CatchUpLimit = 7,
            },
            IsPaused = true,
            Declared = "0123456789abcdef",
            ChangedBy = "Zoë",
            Changed = A.FirstInstant.AddMicroseconds(1),
            Revision = 5,
            Position = new SchedulePosition
            {
                NextDue = A.FirstInstant.AddHours(1),
                LastDue = A.FirstInstant,
                LastWorkflowId = 17,
                Queued = [A.FirstInstant.AddHours(-1), A.FirstInstant],
                OpenRuns = [16, 17],
                CreatedCount = 4,
                SkippedByOverlap = 3,
                SkippedByCatchUp = 2,
                LastSkipped = new SkippedRun(A.FirstInstant.AddHours(-2), ScheduleSkipReason.CatchUp),
            },
        };

    private static ScheduleRecord Moved(ScheduleRecord schedule, DateTimeOffset now) =>
        schedule with
        {
            Position = schedule.Position with { NextDue = now.AddHours(1), LastDue = now },
        };

    private static NewWorkflow RunOf(ScheduleRecord schedule, DateTimeOffset due) =>
        A.Workflow(schedule.ExternalIdOf(due)) with
        {
            CreatedBy = schedule.Actor,
        };

    /// <summary>Compares lists by their elements.</summary>
    private static void AssertSame(ScheduleRecord expected, ScheduleRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Position.Queued, actual.Position.Queued);
        Assert.Equal(expected.Position.OpenRuns, actual.Position.OpenRuns);
        Assert.Equal(WithoutLists(expected), WithoutLists(actual));
    }

    private static ScheduleRecord WithoutLists(ScheduleRecord schedule) =>
        schedule with
        {
            Position = schedule.Position with { Queued = [], OpenRuns = [] },
        };

    private static IEnumerable<string> Names(IEnumerable<ScheduleRecord> schedules) =>
        schedules.Select(schedule => schedule.Name);
}
