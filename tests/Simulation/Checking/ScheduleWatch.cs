using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Watches every written turn of the schedules: each due instant is either created, skipped or queued, exactly once.
/// </summary>
internal sealed class ScheduleWatch(SimulatedWorld world, InMemoryStore rows)
{
    private readonly Dictionary<string, List<string>> created = [];

    /// <summary>Wraps the writing of turns so that it is watched.</summary>
    public ScheduleWriting Beside(ScheduleWriting write) =>
        async turn =>
        {
            var result = await write(turn);
            if (result.Schedule is { } after)
            {
                world.Trace.Add(
                    world.Now,
                    after.Name,
                    $"{turn.Creates.Count} runs, next due {after.Position.NextDue:HH:mm:ss}"
                );
                Enter(
                    after,
                    [
                        .. turn
                            .Creates.Zip(result.Creates)
                            .Where(each => !each.Second.Existed)
                            .Select(each => each.First.ExternalId),
                    ]
                );
            }

            return result;
        };

    /// <summary>While executors are alive, a due schedule is processed in time.</summary>
    public void MustBeOnTime(ScheduleRecord schedule, TimeSpan timeout)
    {
        if (schedule.Position.NextDue is { } due && world.Now - due > timeout)
        {
            world.Violated($"schedule {schedule.Name} was due at {due:HH:mm:ss} and has not been processed");
        }
    }

    /// <summary>The violations at the end of the run.</summary>
    public async Task<IReadOnlyList<string>> BrokenAsync()
    {
        var broken = new List<string>();
        foreach (
            var schedule in await rows.Schedules.SchedulesAsync(
                new ScheduleSearch(int.MaxValue),
                CancellationToken.None
            )
        )
        {
            var position = schedule.Position;
            var due = position.LastDue is { } last ? DueUntil(schedule, last) : [];
            var runs = created.GetValueOrDefault(schedule.Name) ?? [];
            var decided = runs.Count + position.SkippedByOverlap + position.SkippedByCatchUp + position.Queued.Count;
            if (decided != due.Count)
            {
                broken.Add(
                    $"schedule {schedule.Name} was due {due.Count} times, but {decided} were decided: {runs.Count} created, {position.SkippedByOverlap} and {position.SkippedByCatchUp} skipped, {position.Queued.Count} queued"
                );
            }

            if (position.CreatedCount != runs.Count)
            {
                broken.Add(
                    $"schedule {schedule.Name} counts {position.CreatedCount} created runs, but has created {runs.Count}"
                );
            }

            broken.AddRange(runs.Except(due.Select(schedule.ExternalIdOf)).Select(run => $"run {run} was never due"));
        }

        return broken;
    }

    private void Enter(ScheduleRecord schedule, IReadOnlyList<string> runs)
    {
        if (!created.TryGetValue(schedule.Name, out var before))
        {
            created[schedule.Name] = before = [];
        }

        foreach (var run in runs)
        {
            if (before.Contains(run))
            {
                world.Violated($"run {run} was created twice");
            }

            before.Add(run);
        }

        foreach (var waiting in schedule.Position.Queued.Select(schedule.ExternalIdOf).Where(before.Contains))
        {
            world.Violated($"run {waiting} is both created and queued");
        }
    }

    private static List<DateTimeOffset> DueUntil(ScheduleRecord schedule, DateTimeOffset last)
    {
        var timetable = Timetable.Of(schedule.Definition);
        var due = new List<DateTimeOffset>();
        for (var next = timetable.Next(schedule.Created); next <= last; next = timetable.Next(next.Value))
        {
            due.Add(next.Value);
        }

        return due;
    }
}
