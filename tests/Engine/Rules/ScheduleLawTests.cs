using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Property tests: with any schedule, polled at any time, each due instant is decided exactly once.</summary>
public sealed class ScheduleLawTests
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<ScheduleDefinition> AnySchedule =
        from timetable in Gen.Elements(
            new ScheduleDefinition { WorkflowType = "W", Every = TimeSpan.FromSeconds(1) },
            new ScheduleDefinition { WorkflowType = "W", Every = TimeSpan.FromSeconds(7) },
            new ScheduleDefinition { WorkflowType = "W", Cron = "*/5 * * * * *" },
            new ScheduleDefinition
            {
                WorkflowType = "W",
                Cron = "*/2 * * * *",
                TimeZone = "Europe/Berlin",
            },
            new ScheduleDefinition
            {
                WorkflowType = "W",
                Cron = "5,10 2,3 * * *",
                TimeZone = "Europe/Berlin",
            }
        )
        from overlap in Gen.Elements(Enum.GetValues<ScheduleOverlap>())
        from catchUp in Gen.Elements(Enum.GetValues<ScheduleCatchUp>())
        from limit in Gen.Choose(1, 5)
        select timetable with
        {
            Overlap = overlap,
            CatchUp = catchUp,
            CatchUpLimit = limit,
        };

    private static readonly Gen<Turn> AnyTurn =
        from seconds in Gen.Frequency((6, Gen.Choose(0, 3)), (3, Gen.Choose(50, 70)), (1, Gen.Choose(200, 9000)))
        from ends in Gen.Choose(0, 3)
        from most in Gen.Choose(6, 40)
        select new Turn(seconds, ends, most);

    [Fact]
    public void Each_due_instant_is_created_or_skipped_once() =>
        Prop.ForAll(
                Arb.From(from schedule in AnySchedule from turns in AnyTurn.ArrayOf(40) select (schedule, turns)),
                life => CheckSchedule(life.schedule, life.turns)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static void CheckSchedule(ScheduleDefinition definition, Turn[] turns)
    {
        var now = Begin;
        var schedule = A(definition);
        var timetable = Timetable.Of(definition);
        var created = new List<DateTimeOffset>();
        var skipped = new List<SkippedRun>();
        var open = new List<long>();
        foreach (var turn in turns)
        {
            now = now.AddSeconds(turn.Seconds);
            open.RemoveRange(0, Math.Min(turn.Ends, open.Count));
            ScheduleRuling ruling;
            do
            {
                ruling = ScheduleRule.Decide(schedule, now, open, turn.Most);
                AssertOverlap(definition, ruling, open);
                AssertCatchUp(schedule, ruling, now);
                Assert.True(ruling.After.NextDue > schedule.Position.NextDue || !ruling.IsMoreDue);
                created.AddRange(ruling.Created);
                skipped.AddRange(ruling.Skipped);
                var ids = ruling.Created.Select(due => due.ToUnixTimeSeconds()).ToList();
                open.AddRange(ids);
                schedule = schedule with { Position = ruling.After.With(ids) };
            } while (ruling.IsMoreDue);

            Assert.True(schedule.Position.NextDue > now);
            AssertAllDecidedOnce(timetable, now, [.. created, .. skipped.Select(skip => skip.Due)], schedule.Position);
        }

        Assert.Equal(
            (created.Count, Skips(ScheduleSkipReason.Overlap), Skips(ScheduleSkipReason.CatchUp)),
            (schedule.Position.CreatedCount, schedule.Position.SkippedByOverlap, schedule.Position.SkippedByCatchUp)
        );

        long Skips(ScheduleSkipReason reason) => skipped.Count(skip => skip.Reason == reason);
    }

    private static void AssertAllDecidedOnce(
        Timetable timetable,
        DateTimeOffset now,
        DateTimeOffset[] decided,
        SchedulePosition position
    )
    {
        var due = timetable.NextAfter(Begin, int.MaxValue).TakeWhile(instant => instant <= now);
        Assert.Equal(due, decided.Concat(position.Queued).Order());
        Assert.Equal(position.Queued.Order(), position.Queued);
    }

    private static void AssertOverlap(ScheduleDefinition definition, ScheduleRuling ruling, List<long> open)
    {
        if (definition.Overlap != ScheduleOverlap.Allow)
        {
            Assert.InRange(ruling.Created.Count, 0, open.Count == 0 ? 1 : 0);
        }

        if (definition.Overlap != ScheduleOverlap.Skip && ruling.After.Queued.Count < ScheduleRule.MostQueued)
        {
            Assert.DoesNotContain(ruling.Skipped, skip => skip.Reason == ScheduleSkipReason.Overlap);
        }

        if (definition.Overlap != ScheduleOverlap.Queue)
        {
            Assert.Empty(ruling.After.Queued);
        }
    }

    /// <summary>The policy decides how many missed runs are caught up. A run on time never counts as missed.</summary>
    private static void AssertCatchUp(ScheduleRecord schedule, ScheduleRuling ruling, DateTimeOffset now)
    {
        var dropped = ruling.Skipped.Where(skip => skip.Reason == ScheduleSkipReason.CatchUp).ToList();
        Assert.DoesNotContain(dropped, skip => now - skip.Due <= ScheduleRule.Grace);
        var caughtUp = ruling
            .Created.Concat(ruling.After.Queued)
            .Concat(ruling.Skipped.Except(dropped).Select(skip => skip.Due))
            .Except(schedule.Position.Queued)
            .Count(due => now - due > ScheduleRule.Grace);
        var most = schedule.Definition.CatchUp switch
        {
            ScheduleCatchUp.None => 0,
            ScheduleCatchUp.Last => 1,
            _ => schedule.Definition.CatchUpLimit,
        };
        Assert.InRange(caughtUp, dropped.Count > 0 && !ruling.IsMoreDue ? most : 0, most);
    }

    private static ScheduleRecord A(ScheduleDefinition definition)
    {
        var schedule = new ScheduleRecord
        {
            Name = "s",
            Definition = definition,
            CreatedBy = "ann",
            Created = Begin,
            ChangedBy = "ann",
            Changed = Begin,
        };
        return schedule with { Position = ScheduleRule.BeginAt(schedule, Begin) };
    }

    private readonly record struct Turn(int Seconds, int Ends, int Most);
}
