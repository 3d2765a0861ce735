using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>What happens to due instants, by examples.</summary>
public sealed class ScheduleRuleTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_run_is_created_when_it_is_due()
    {
        var schedule = Hourly();
        Assert.True(ScheduleRule.Decide(schedule, Midnight.AddMinutes(59), []).ChangesNothing(schedule.Position));

        var ruling = ScheduleRule.Decide(schedule, At(1), []);

        Assert.Equal([At(1)], ruling.Created);
        Assert.Equal((At(2), At(1), false), (ruling.After.NextDue, ruling.After.LastDue, ruling.IsMoreDue));
    }

    [Theory]
    [InlineData(ScheduleCatchUp.None, "", "1 2 3 4")]
    [InlineData(ScheduleCatchUp.Last, "4", "1 2 3")]
    [InlineData(ScheduleCatchUp.All, "2 3 4", "1")]
    public void Missed_runs_follow_the_catch_up_policy(ScheduleCatchUp catchUp, string created, string skipped)
    {
        var schedule = Hourly(definition =>
            definition with
            {
                CatchUp = catchUp,
                CatchUpLimit = 3,
                Overlap = ScheduleOverlap.Allow,
            }
        );

        var ruling = ScheduleRule.Decide(schedule, At(4.5), []);

        Assert.Equal((created, skipped), (Hours(ruling.Created), Hours(ruling.Skipped.Select(skip => skip.Due))));
        Assert.Equal(At(5), ruling.After.NextDue);
    }

    [Fact]
    public void A_minute_late_is_not_missed()
    {
        var schedule = Hourly(definition => definition with { CatchUp = ScheduleCatchUp.None });
        Assert.Equal([At(1)], ScheduleRule.Decide(schedule, At(1).AddMinutes(1), []).Created);
        Assert.Empty(ScheduleRule.Decide(schedule, At(1).AddSeconds(61), []).Created);
    }

    [Fact]
    public void Missed_runs_are_decided_in_batches_and_the_last_ones_are_caught_up()
    {
        var schedule = Hourly(definition =>
            definition with
            {
                CatchUp = ScheduleCatchUp.All,
                CatchUpLimit = 3,
                Overlap = ScheduleOverlap.Allow,
            }
        );

        var first = ScheduleRule.Decide(schedule, At(6.5), [], mostAtOnce: 5);
        Assert.Equal(("", "1 2"), (Hours(first.Created), Hours(first.Skipped.Select(skip => skip.Due))));
        Assert.True(first.IsMoreDue);
        var second = ScheduleRule.Decide(schedule with { Position = first.After }, At(6.5), [], mostAtOnce: 5);
        Assert.Equal(("4 5 6", "3"), (Hours(second.Created), Hours(second.Skipped.Select(skip => skip.Due))));
        Assert.False(second.IsMoreDue);
    }

    [Fact]
    public void A_run_is_skipped_while_another_has_not_ended()
    {
        var ruling = ScheduleRule.Decide(Hourly(), At(1), [7]);

        Assert.Equal([new SkippedRun(At(1), ScheduleSkipReason.Overlap)], ruling.Skipped);
        Assert.Equal((1, 0), (ruling.After.SkippedByOverlap, ruling.After.SkippedByCatchUp));
        Assert.Equal(ruling.Skipped[0], ruling.After.LastSkipped);
        Assert.Equal([7], ruling.After.OpenRuns);
    }

    [Fact]
    public void Queued_runs_are_created_one_after_the_other()
    {
        var schedule = Hourly(definition => definition with { Overlap = ScheduleOverlap.Queue });
        var first = ScheduleRule.Decide(schedule, At(1), [7]);
        Assert.Equal(("", "1"), (Hours(first.Created), Hours(first.After.Queued)));

        var second = ScheduleRule.Decide(schedule with { Position = first.After }, At(2), [7]);
        Assert.Equal(("", "1 2"), (Hours(second.Created), Hours(second.After.Queued)));

        var third = ScheduleRule.Decide(schedule with { Position = second.After }, At(2.1), []);
        Assert.Equal(("1", "2"), (Hours(third.Created), Hours(third.After.Queued)));
    }

    [Fact]
    public void The_queue_has_a_maximum_length()
    {
        var schedule = Hourly(definition => definition with { Overlap = ScheduleOverlap.Queue });
        var full = Enumerable.Range(-ScheduleRule.MostQueued, ScheduleRule.MostQueued).Select(hour => At(hour));
        schedule = schedule with { Position = schedule.Position with { Queued = [.. full] } };

        var ruling = ScheduleRule.Decide(schedule, At(1), [7]);

        Assert.Equal(ScheduleRule.MostQueued, ruling.After.Queued.Count);
        Assert.Equal([new SkippedRun(At(1), ScheduleSkipReason.Overlap)], ruling.Skipped);
    }

    [Fact]
    public void A_queue_is_drained_after_the_policy_has_changed()
    {
        var allows = Hourly(definition => definition with { Overlap = ScheduleOverlap.Allow });
        allows = allows with { Position = allows.Position with { Queued = [At(-2), At(-1)] } };
        Assert.Equal("-2 -1", Hours(ScheduleRule.Decide(allows, At(0.5), [7]).Created));
    }

    [Fact]
    public void Nothing_is_due_while_the_schedule_is_paused()
    {
        var schedule = Hourly() with { IsPaused = true };
        Assert.Null(ScheduleRule.BeginAt(schedule, At(5)).NextDue);
        Assert.True(ScheduleRule.Decide(schedule, At(5), []).ChangesNothing(schedule.Position));
        Assert.Equal(At(6), ScheduleRule.BeginAt(schedule with { IsPaused = false }, At(5)).NextDue);
    }

    [Fact]
    public void Runs_are_identified_by_name_and_instant()
    {
        var schedule = Hourly(definition => definition with { BusinessKey = "report {due} of {schedule}" });
        Assert.Equal("schedule:hourly:2026-01-01T01:00:00Z", schedule.ExternalIdOf(At(1)));
        Assert.Equal("report 2026-01-01T01:00:00Z of hourly", schedule.BusinessKeyOf(At(1)));
        Assert.Equal(
            "schedule:hourly:2026-01-01T00:00:00Z.000001:manual",
            schedule.ExternalIdOfTrigger(Midnight.AddMicroseconds(1))
        );
    }

    [Fact]
    public void Runs_sort_by_external_id()
    {
        var schedule = Hourly();
        string[] inOrder =
        [
            schedule.ExternalIdOf(Midnight),
            schedule.ExternalIdOfTrigger(Midnight),
            schedule.ExternalIdOfTrigger(Midnight.AddMilliseconds(200)),
            schedule.ExternalIdOf(Midnight.AddSeconds(1)),
        ];
        Assert.Equal(inOrder, inOrder.Order(StringComparer.Ordinal));
    }

    private static ScheduleRecord Hourly(Func<ScheduleDefinition, ScheduleDefinition>? change = null)
    {
        var definition = new ScheduleDefinition { WorkflowType = "W", Cron = "0 * * * *" };
        var schedule = new ScheduleRecord
        {
            Name = "hourly",
            Definition = change?.Invoke(definition) ?? definition,
            CreatedBy = "ann",
            Created = Midnight,
            ChangedBy = "ann",
            Changed = Midnight,
        };
        return schedule with { Position = ScheduleRule.BeginAt(schedule, Midnight) };
    }

    private static DateTimeOffset At(double hour) => Midnight.AddHours(hour);

    private static string Hours(IEnumerable<DateTimeOffset> due) =>
        string.Join(' ', due.Select(instant => (instant - Midnight).TotalHours));
}
