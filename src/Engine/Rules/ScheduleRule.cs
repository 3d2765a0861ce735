using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// Decides what becomes of the due instants of a schedule: each of them is created, skipped since a run before it has not ended, or skipped
/// since it was missed. One that is queued waits to be created. Pure.
/// </summary>
internal static class ScheduleRule
{
    /// <summary>A run that is started so much later than it was due, at the most, was not missed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>The most runs that can be queued; further due runs are skipped.</summary>
    public const int MostQueued = 1000;

    /// <summary>The most missed runs that can be made up for.</summary>
    public const int MostCaughtUp = 1000;

    /// <summary>The most due instants that are decided at once.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>Decides.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="now">The instant, by the database's clock.</param>
    /// <param name="unfinished">Which of its <see cref="SchedulePosition.OpenRuns"/> have not ended.</param>
    /// <param name="mostAtOnce">The most due instants to decide at once; more than can be caught up with.</param>
    public static ScheduleRuling Decide(
        ScheduleRecord schedule,
        DateTimeOffset now,
        IReadOnlyList<long> unfinished,
        int mostAtOnce = MostAtOnce
    )
    {
        var position = schedule.Position;
        if (schedule.IsPaused)
        {
            return ScheduleRuling.Nothing(position);
        }

        var (due, next) = DueOf(schedule, now, mostAtOnce);
        var missed = due.FindIndex(instant => now - instant <= Grace) is >= 0 and var onTime ? onTime : due.Count;
        var caughtUp = CaughtUp(schedule.Definition);
        if (next <= now && missed == due.Count)
        {
            // More of them are missed than were looked at, and which are the last of all shows later.
            next = caughtUp > 0 ? due[^caughtUp] : next;
            due.RemoveRange(due.Count - caughtUp, caughtUp);
            (missed, caughtUp) = (due.Count, 0);
        }

        var dropped = Math.Max(0, missed - caughtUp);
        var skips = due.Take(dropped).Select(instant => new SkippedRun(instant, ScheduleSkipReason.CatchUp)).ToList();
        var overlap = Overlap(schedule.Definition.Overlap, [.. position.Queued, .. due.Skip(dropped)], unfinished);
        skips.AddRange(overlap.Skipped.Select(instant => new SkippedRun(instant, ScheduleSkipReason.Overlap)));
        return new ScheduleRuling(
            overlap.Created,
            skips,
            position with
            {
                NextDue = next,
                LastDue = due.Count > 0 ? due[^1] : position.LastDue,
                Queued = overlap.Queued,
                OpenRuns = schedule.Definition.Overlap == ScheduleOverlap.Allow ? position.OpenRuns : unfinished,
                SkippedByCatchUp = position.SkippedByCatchUp + dropped,
                SkippedByOverlap = position.SkippedByOverlap + overlap.Skipped.Count,
                LastSkipped = skips.Count > 0 ? skips.MaxBy(skip => skip.Due) : position.LastSkipped,
            },
            IsMoreDue: next <= now
        );
    }

    /// <summary>A schedule that begins, is resumed, or has another timetable: what was due before is not missed.</summary>
    public static SchedulePosition BeginAt(ScheduleRecord schedule, DateTimeOffset now) =>
        schedule.Position with
        {
            NextDue = schedule.IsPaused ? null : Timetable.Of(schedule.Definition).Next(now),
        };

    private static (List<DateTimeOffset> Due, DateTimeOffset? Next) DueOf(
        ScheduleRecord schedule,
        DateTimeOffset now,
        int most
    )
    {
        var due = new List<DateTimeOffset>();
        var next = schedule.Position.NextDue;
        if (next > now || next is null)
        {
            return (due, next);
        }

        var timetable = Timetable.Of(schedule.Definition);
        while (next is { } instant && instant <= now && due.Count < most)
        {
            due.Add(instant);
            next = timetable.Next(instant);
        }

        return (due, next);
    }

    private static int CaughtUp(ScheduleDefinition definition) =>
        definition.CatchUp switch
        {
            ScheduleCatchUp.None => 0,
            ScheduleCatchUp.Last => 1,
            _ => definition.CatchUpLimit,
        };

    private static (
        IReadOnlyList<DateTimeOffset> Created,
        IReadOnlyList<DateTimeOffset> Queued,
        IReadOnlyList<DateTimeOffset> Skipped
    ) Overlap(ScheduleOverlap policy, DateTimeOffset[] candidates, IReadOnlyList<long> unfinished)
    {
        if (policy == ScheduleOverlap.Allow)
        {
            return (candidates, [], []);
        }

        var started = unfinished.Count == 0 && candidates.Length > 0 ? 1 : 0;
        DateTimeOffset[] created = candidates[..started];
        DateTimeOffset[] later = candidates[started..];
        if (policy == ScheduleOverlap.Skip)
        {
            return (created, [], later);
        }

        var queued = Math.Min(later.Length, MostQueued);
        return (created, later[..queued], later[queued..]);
    }
}

/// <summary>What becomes of the due instants of a schedule.</summary>
/// <param name="Created">Those whose runs are created now, oldest first.</param>
/// <param name="Skipped">Those that are skipped.</param>
/// <param name="After">How far the schedule is then, without the runs that are created.</param>
/// <param name="IsMoreDue">Whether more is due than was decided.</param>
internal sealed record ScheduleRuling(
    IReadOnlyList<DateTimeOffset> Created,
    IReadOnlyList<SkippedRun> Skipped,
    SchedulePosition After,
    bool IsMoreDue
)
{
    /// <summary>Whether the position is unchanged.</summary>
    public bool ChangesNothing(SchedulePosition before) =>
        Created.Count == 0
        && Skipped.Count == 0
        && After.NextDue == before.NextDue
        && After.Queued.Count == before.Queued.Count;

    /// <summary>Nothing comes of it.</summary>
    public static ScheduleRuling Nothing(SchedulePosition position) => new([], [], position, IsMoreDue: false);
}
