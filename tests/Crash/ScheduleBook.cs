using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>
/// Two schedules that are due every second during the blows. Each due instant of the first is created, each of the second is created or
/// skipped, and none twice.
/// </summary>
internal sealed class ScheduleBook(IScheduleStore schedules)
{
    private const string Every = "every-second";
    private const string OneAtATime = "one-at-a-time";

    /// <summary>The number of created runs, after <see cref="FindFaultsAsync"/> was called.</summary>
    public int Created { get; private set; }

    /// <summary>The number of skipped due instants.</summary>
    public long Skipped { get; private set; }

    /// <summary>Creates the schedules.</summary>
    public async Task BeginAsync(CancellationToken stop)
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var (name, overlap) in new[] { (Every, ScheduleOverlap.Allow), (OneAtATime, ScheduleOverlap.Skip) })
        {
            var schedule = new ScheduleRecord
            {
                Name = name,
                Definition = new ScheduleDefinition
                {
                    WorkflowType = Workload.Tick,
                    Every = TimeSpan.FromSeconds(1),
                    Overlap = overlap,
                    CatchUp = ScheduleCatchUp.All,
                    CatchUpLimit = 1000,
                },
                CreatedBy = "operator",
                Created = now,
                ChangedBy = "operator",
                Changed = now,
            };
            await schedules.CreateScheduleAsync(schedule with { Position = ScheduleRule.BeginAt(schedule, now) }, stop);
        }
    }

    /// <summary>Pauses the schedules.</summary>
    public async Task<bool> EndAsync(CancellationToken stop)
    {
        foreach (var name in new[] { Every, OneAtATime })
        {
            while (await schedules.FindScheduleAsync(name, stop) is { IsPaused: false } schedule)
            {
                var paused = schedule with { IsPaused = true, Position = schedule.Position with { NextDue = null } };
                await schedules.WriteScheduleAsync(
                    new ScheduleWrite(schedule.Revision, paused, [], DateTimeOffset.UtcNow),
                    stop
                );
            }
        }

        return true;
    }

    /// <summary>Finds the violations.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(
        IReadOnlyList<WorkflowRecord> workflows,
        CancellationToken stop
    )
    {
        var faults = new List<string>();
        foreach (var schedule in await schedules.SchedulesAsync(new ScheduleSearch(10), stop))
        {
            var position = schedule.Position;
            var due = DueOf(schedule);
            HashSet<string> runs =
            [
                .. workflows
                    .Select(workflow => workflow.ExternalId)
                    .Where(id => id.StartsWith(schedule.ExternalIdPrefix, StringComparison.Ordinal)),
            ];
            var skipped = position.SkippedByOverlap + position.SkippedByCatchUp;
            (Created, Skipped) = (Created + runs.Count, Skipped + skipped);
            if (runs.Count + skipped != due.Count || position.CreatedCount != runs.Count)
            {
                faults.Add(
                    $"schedule {schedule.Name} was due {due.Count} times; {runs.Count} runs exist, {position.CreatedCount} counted, {skipped} skipped"
                );
            }

            if (schedule.Name == Every && skipped > 0)
            {
                faults.Add($"schedule {schedule.Name} must skip nothing, but has skipped {skipped} due instants");
            }

            faults.AddRange(runs.Except(due.Select(schedule.ExternalIdOf)).Select(run => $"run {run} was never due"));
        }

        return faults;
    }

    private static List<DateTimeOffset> DueOf(ScheduleRecord schedule)
    {
        var timetable = Timetable.Of(schedule.Definition);
        var due = new List<DateTimeOffset>();
        for (
            var next = timetable.Next(schedule.Created);
            next <= schedule.Position.LastDue;
            next = timetable.Next(next.Value)
        )
        {
            due.Add(next.Value);
        }

        return due;
    }
}
