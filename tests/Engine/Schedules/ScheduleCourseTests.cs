using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations.Schedules;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Schedules;

/// <summary>
/// Schedules that are due every second, two executors that compete for them, and outages of both: every due run follows its policy,
/// and none exists twice.
/// </summary>
public sealed class ScheduleCourseTests
{
    private static readonly int[] Outages = [30, 150, 300];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Runs_due_every_second_follow_their_policies_during_outages(StoreKind kind)
    {
        const int minutes = 5;
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var begin = clock.GetUtcNow();
        var end = begin.AddMinutes(minutes);
        for (var life = 0; clock.GetUtcNow() < end; life++)
        {
            await using var first = await StartAsync(store, clock);
            await using var second = await StartAsync(store, clock);
            if (life == 0)
            {
                await CreateAsync(first);
            }

            var seconds = Math.Min(7 * minutes, (end - clock.GetUtcNow()).TotalSeconds);
            for (var turn = 0; turn < seconds; turn++)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await first.RestAsync();
                await second.RestAsync();
            }

            await first.StopAsync();
            await second.StopAsync();
            var left = (end - clock.GetUtcNow()).TotalSeconds;
            clock.Advance(TimeSpan.FromSeconds(Math.Min(Outages[life % Outages.Length], left)));
        }

        await using var engine = await StartAsync(store, clock);
        await SettledAsync(engine, store, clock.GetUtcNow());
        await AssertAllowAsync(engine, begin);
        await AssertQueueAsync(engine, begin);
        await AssertSkipAsync(engine, begin);
    }

    private static Task<EngineHarness> StartAsync(TestStore store, VirtualClock clock) =>
        EngineHarness.StartAsync(store, clock, registration => registration.AddRuns());

    private static async Task CreateAsync(EngineHarness engine)
    {
        var every = new ScheduleDefinition { WorkflowType = "Ends", Cron = "* * * * * *" };
        await CreateAsync(
            "allow",
            every with
            {
                Overlap = ScheduleOverlap.Allow,
                CatchUp = ScheduleCatchUp.All,
                CatchUpLimit = 1000,
            }
        );
        await CreateAsync(
            "queue",
            every with
            {
                Overlap = ScheduleOverlap.Queue,
                CatchUp = ScheduleCatchUp.All,
                CatchUpLimit = 1000,
            }
        );
        await CreateAsync("skip", every with { WorkflowType = "Lasts", CatchUp = ScheduleCatchUp.None });

        async Task CreateAsync(string name, ScheduleDefinition definition)
        {
            var request = new SaveSchedule
            {
                Name = name,
                Definition = definition,
                Actor = "ann",
            };
            Assert.Equal(ScheduleVerdict.Done, (await engine.Schedules.CreateAsync(request, Stop)).Verdict);
        }
    }

    /// <summary>Waits, without advancing the clock, until everything due is decided and the queue is empty.</summary>
    private static async Task SettledAsync(EngineHarness engine, TestStore store, DateTimeOffset now)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await store.Schedules.DueSchedulesAsync(now, new ScheduleSearch(1), limit.Token)).Count > 0)
        {
            await Task.Yield();
        }

        await engine.RestAsync();
    }

    private static async Task AssertAllowAsync(EngineHarness engine, DateTimeOffset begin)
    {
        var (schedule, runs) = await ReadAsync(engine, "allow");
        Assert.Equal(ExternalIds(schedule, begin), runs.Select(run => run.ExternalId));
        AssertCounts(schedule, begin, runs);
    }

    private static async Task AssertQueueAsync(EngineHarness engine, DateTimeOffset begin)
    {
        // The clock advances faster than runs finish, so more runs can become due than the queue holds.
        var (schedule, runs) = await ReadAsync(engine, "queue");
        Assert.Subset(ExternalIds(schedule, begin).ToHashSet(), runs.Select(run => run.ExternalId).ToHashSet());
        Assert.Equal(0, schedule.Position.SkippedByCatchUp);
        AssertCounts(schedule, begin, runs);
        AssertOneAfterTheOther(runs);
    }

    private static async Task AssertSkipAsync(EngineHarness engine, DateTimeOffset begin)
    {
        var (schedule, runs) = await ReadAsync(engine, "skip");
        Assert.Subset(ExternalIds(schedule, begin).ToHashSet(), runs.Select(run => run.ExternalId).ToHashSet());
        AssertCounts(schedule, begin, runs);
        AssertOneAfterTheOther(runs);
        Assert.True(schedule.Position.SkippedByOverlap > schedule.Position.CreatedCount, $"{schedule}");
        Assert.True(schedule.Position.SkippedByCatchUp > 0, $"{schedule}");
    }

    private static IEnumerable<string> ExternalIds(ScheduleRecord schedule, DateTimeOffset begin)
    {
        for (var due = begin.AddSeconds(1); due <= schedule.Position.LastDue; due = due.AddSeconds(1))
        {
            yield return schedule.ExternalIdOf(due);
        }
    }

    private static void AssertCounts(ScheduleRecord schedule, DateTimeOffset begin, List<WorkflowRecord> runs)
    {
        var position = schedule.Position;
        Assert.Equal(runs.Count, position.CreatedCount);
        Assert.Equal(
            (long)(position.LastDue!.Value - begin).TotalSeconds,
            position.CreatedCount + position.SkippedByOverlap + position.SkippedByCatchUp + position.Queued.Count
        );
        Assert.Equal(position.LastDue.Value.AddSeconds(1), position.NextDue);
    }

    private static void AssertOneAfterTheOther(List<WorkflowRecord> runs)
    {
        foreach (var (before, after) in runs.Zip(runs.Skip(1)))
        {
            Assert.True(before.Finished <= after.Created, $"{before} and {after} have run at the same time.");
        }
    }

    /// <summary>A schedule and all its runs, ordered by due instant.</summary>
    private static async Task<(ScheduleRecord Schedule, List<WorkflowRecord> Runs)> ReadAsync(
        EngineHarness engine,
        string name
    )
    {
        var runs = new List<WorkflowRecord>();
        while (
            await engine.Schedules.RunsAsync(name, 500, runs.LastOrDefault()?.ExternalId, Stop) is { Count: > 0 } page
        )
        {
            runs.AddRange(page);
        }

        runs.Reverse();
        return ((await engine.Schedules.FindAsync(name, Stop))!, runs);
    }
}
