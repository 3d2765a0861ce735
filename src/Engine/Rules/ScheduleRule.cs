using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// Decides the due instants of a schedule. Each of them is created, skipped because an earlier run has not ended, or skipped because it was
/// missed. Queued instants are created later. Pure.
/// </summary>
internal static class ScheduleRule
{
    /// <summary>How late a run may start without counting as missed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of queued runs. Further due runs are skipped.</summary>
    public const int MostQueued = 1000;

    /// <summary>The maximum number of missed runs that can be made up for.</summary>
    public const int MostCaughtUp = 1000;

    /// <summary>The maximum number of due instants that are decided at once.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>Decides the due instants of a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="now">The current instant, by the database's clock.</param>
    /// <param name="unfinished">Which of its <see cref="SchedulePosition.OpenRuns"/> have not ended.</param>
    /// <param name="mostAtOnce">The maximum number of due instants to decide at once; greater than the catch-up limit.</param>
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
            // More instants were missed than decided here. Which of them are the last ones is known only later, so leave the candidates to
            // the next batch.
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

    /// <summary>
    /// The position of a schedule that is new, was resumed, or has a new timetable. Earlier due instants do not count as missed.
    /// </summary>
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

/// <summary>The decision about the due instants of a schedule.</summary>
/// <param name="Created">The instants whose runs are created now, oldest first.</param>
/// <param name="Skipped">The instants that are skipped.</param>
/// <param name="After">The new position, without the runs that are created.</param>
/// <param name="IsMoreDue">Whether more instants are due than were decided.</param>
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

    /// <summary>A decision that changes nothing.</summary>
    public static ScheduleRuling Nothing(SchedulePosition position) => new([], [], position, IsMoreDue: false);
}
