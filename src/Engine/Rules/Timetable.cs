using Cronos;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>
/// The instants at which a schedule is due. Daylight saving time: a time of day that is skipped is due right after the clock has jumped. A
/// time of day that occurs twice is due only the first time. Intervals of minutes or hours are due in both.
/// </summary>
internal sealed class Timetable
{
    /// <summary>The longest interval.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(366);

    private readonly CronExpression? cron;
    private readonly TimeZoneInfo zone;
    private readonly long every;

    private Timetable(CronExpression? cron, TimeZoneInfo zone, TimeSpan every)
    {
        this.cron = cron;
        this.zone = zone;
        this.every = every.Ticks;
    }

    /// <summary>The timetable of a schedule that was validated before it was stored.</summary>
    public static Timetable Of(ScheduleDefinition definition) =>
        TryRead(definition, out var faults)
        ?? throw new FormatException(
            string.Join(' ', faults.Select(fault => $"{fault.Field} '{fault.Value}': expected {fault.Expected}."))
        );

    /// <summary>Reads a timetable. Returns null and the errors if it is invalid.</summary>
    public static Timetable? TryRead(ScheduleDefinition definition, out IReadOnlyList<TimetableFault> faults)
    {
        var found = new List<TimetableFault>();
        var cron = CronOf(definition, found);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(definition.TimeZone, out var zone))
        {
            found.Add(
                new("timeZone", definition.TimeZone, "a time zone of the IANA database, such as UTC or Europe/Berlin")
            );
        }

        faults = found;
        return found.Count == 0 ? new Timetable(cron, zone!, definition.Every ?? TimeSpan.Zero) : null;
    }

    /// <summary>The first due instant after a given one; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        cron is null ? NextInterval(after) : cron.GetNextOccurrence(after, zone)?.ToUniversalTime();

    /// <summary>The next due instants after a given one, at most <paramref name="count"/>.</summary>
    public IEnumerable<DateTimeOffset> NextAfter(DateTimeOffset instant, int count)
    {
        for (var next = Next(instant); next is { } due && count > 0; next = Next(due), count--)
        {
            yield return due;
        }
    }

    private DateTimeOffset NextInterval(DateTimeOffset after)
    {
        var ticks = after.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return DateTimeOffset.UnixEpoch.AddTicks(((ticks / every) + 1) * every);
    }

    private static CronExpression? CronOf(ScheduleDefinition definition, List<TimetableFault> faults)
    {
        switch (definition.Cron, definition.Every)
        {
            case ({ } text, null):
                return CronOf(text, faults);
            case (null, { } every)
                when every < TimeSpan.FromSeconds(1)
                    || every > LongestInterval
                    || every.Ticks % TimeSpan.TicksPerSecond != 0:
                faults.Add(new("everySeconds", $"{every}", "whole seconds, from one second to 366 days"));
                return null;
            case (null, { }):
                return null;
            default:
                faults.Add(new("cron", definition.Cron, "either a cron expression or an interval"));
                return null;
        }
    }

    private static CronExpression? CronOf(string text, List<TimetableFault> faults)
    {
        const string Expected =
            "a cron expression of five fields (minute, hour, day of month, month, day of week), or of six with the seconds first";
        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            return CronExpression.Parse(text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (CronFormatException fault)
        {
            var isOfOtherLength = fields is not (5 or 6) && !text.TrimStart().StartsWith('@');
            faults.Add(new("cron", text, isOfOtherLength ? Expected : $"{Expected} ({ReasonOf(fault)})"));
            return null;
        }
    }

    /// <summary>The message of the exception without the first sentence, which is always the same.</summary>
    private static string ReasonOf(CronFormatException fault)
    {
        const string Beginning = "The given cron expression has an invalid format.";
        return fault.Message.Replace(Beginning, "", StringComparison.Ordinal).Trim().TrimEnd('.').Storable();
    }
}

/// <summary>A validation error of a timetable.</summary>
internal readonly record struct TimetableFault(string Field, string? Value, string Expected);
