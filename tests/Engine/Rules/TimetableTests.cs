using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>When schedules are due.</summary>
public sealed class TimetableTests
{
    [Theory]
    [InlineData("0 2 * * *", "UTC", "2026-01-01T02:00:00Z 2026-01-02T02:00:00Z")]
    [InlineData("*/10 * * * * *", "UTC", "2026-01-01T00:00:10Z 2026-01-01T00:00:20Z")]
    [InlineData("  0   2 * * MON-FRI ", "UTC", "2026-01-01T02:00:00Z 2026-01-02T02:00:00Z 2026-01-05T02:00:00Z")]
    [InlineData("0 2 L * *", "Asia/Kolkata", "2026-01-30T20:30:00Z 2026-02-27T20:30:00Z")]
    [InlineData("@daily", "UTC", "2026-01-02T00:00:00Z 2026-01-03T00:00:00Z")]
    public void Due_instants_of_a_cron_expression(string cron, string zone, string expected) =>
        Assert.Equal(expected, Next(Cron(cron, zone), "2026-01-01T00:00:00Z", expected.Split(' ').Length));

    [Theory]
    [InlineData(1, "2026-01-01T00:00:01Z 2026-01-01T00:00:02Z")]
    [InlineData(900, "2026-01-01T00:15:00Z 2026-01-01T00:30:00Z")]
    public void Due_instants_of_an_interval(int seconds, string expected) =>
        Assert.Equal(expected, Next(Every(TimeSpan.FromSeconds(seconds)), "2026-01-01T00:00:00Z", 2));

    [Fact]
    public void A_time_skipped_by_daylight_saving_is_due_right_after_the_jump() =>
        Assert.Equal(
            "2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
            Next(Cron("30 2 * * *", "Europe/Berlin"), "2026-03-28T00:00:00Z", 3)
        );

    [Fact]
    public void A_time_that_occurs_twice_is_due_once() =>
        Assert.Equal(
            "2026-10-24T00:30:00Z 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
            Next(Cron("30 2 * * *", "Europe/Berlin"), "2026-10-24T00:00:00Z", 3)
        );

    [Fact]
    public void A_half_hourly_schedule_is_due_in_both_repeated_hours() =>
        Assert.Equal(
            "2026-10-25T00:00:00Z 2026-10-25T00:30:00Z 2026-10-25T01:00:00Z 2026-10-25T01:30:00Z 2026-10-25T02:00:00Z",
            Next(Cron("*/30 * * * *", "Europe/Berlin"), "2026-10-24T23:45:00Z", 5)
        );

    [Fact]
    public void A_date_that_does_not_exist_is_never_due() =>
        Assert.Equal("", Next(Cron("0 0 30 2 *", "UTC"), "2026-01-01T00:00:00Z", 3));

    [Theory]
    [InlineData("61 * * * *", "UTC", "cron")]
    [InlineData("* * *", "UTC", "cron")]
    [InlineData("", "UTC", "cron")]
    [InlineData("0 2 * * *", "Europe/Nowhere", "timeZone")]
    public void The_error_names_the_invalid_field(string cron, string zone, string field)
    {
        Assert.Null(Timetable.TryRead(Cron(cron, zone), out var faults));
        Assert.Equal(field, Assert.Single(faults).Field);
    }

    [Theory]
    [InlineData("61 * * * *", "first (Minutes: Value must be a number between 0 and 59 (all inclusive))")]
    [InlineData("0 3 * *", "first")]
    public void The_error_for_an_invalid_expression_has_the_reason(string cron, string end)
    {
        Timetable.TryRead(Cron(cron, "UTC"), out var faults);
        Assert.EndsWith(end, Assert.Single(faults).Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(367 * 86400d)]
    public void An_interval_is_whole_seconds(double seconds)
    {
        Assert.Null(Timetable.TryRead(Every(TimeSpan.FromSeconds(seconds)), out var faults));
        Assert.Equal("everySeconds", Assert.Single(faults).Field);
    }

    [Fact]
    public void Exactly_one_of_cron_and_interval_is_required()
    {
        Assert.Null(Timetable.TryRead(new ScheduleDefinition { WorkflowType = "W" }, out _));
        Assert.Null(Timetable.TryRead(Cron("* * * * *", "UTC") with { Every = TimeSpan.FromHours(1) }, out _));
    }

    private static ScheduleDefinition Cron(string cron, string zone) =>
        new()
        {
            WorkflowType = "W",
            Cron = cron,
            TimeZone = zone,
        };

    private static ScheduleDefinition Every(TimeSpan every) => new() { WorkflowType = "W", Every = every };

    private static string Next(ScheduleDefinition schedule, string after, int count) =>
        string.Join(
            ' ',
            Timetable
                .Of(schedule)
                .NextAfter(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture), count)
                .Select(due => due.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
        );
}
