using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Reads schedules, and gives the values to write.</summary>
internal static class ScheduleRows
{
    private static readonly string[] Overlaps = ["SKIP", "QUEUE", "ALLOW"];
    private static readonly string[] CatchUps = ["NONE", "LAST", "ALL"];
    private static readonly string[] Reasons = ["OVERLAP", "CATCH_UP"];

    public static ScheduleRecord Schedule(IStoredRow row) =>
        new()
        {
            Name = row.Text(),
            Definition = new ScheduleDefinition
            {
                WorkflowType = row.Text(),
                Cron = row.OptionalText(),
                Every = row.OptionalNumber() is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                TimeZone = row.Text(),
                StateVars = row.Text(),
                BusinessKey = row.Text(),
                ExecutorGroup = row.Text(),
                Priority = row.SmallNumber(),
                Overlap = (ScheduleOverlap)Array.IndexOf(Overlaps, row.Text()),
                CatchUp = (ScheduleCatchUp)Array.IndexOf(CatchUps, row.Text()),
                CatchUpLimit = row.SmallNumber(),
            },
            IsPaused = row.Flag(),
            Declared = row.OptionalText(),
            CreatedBy = row.Text(),
            Created = row.Instant(),
            ChangedBy = row.Text(),
            Changed = row.Instant(),
            Revision = row.Number(),
            Position = new SchedulePosition
            {
                NextDue = row.OptionalInstant(),
                LastDue = row.OptionalInstant(),
                LastWorkflowId = row.OptionalNumber(),
                Queued = [.. Numbers(row.OptionalText()).Select(DateTimeOffset.FromUnixTimeSeconds)],
                OpenRuns = Numbers(row.OptionalText()),
                CreatedCount = row.Number(),
                SkippedByOverlap = row.Number(),
                SkippedByCatchUp = row.Number(),
                LastSkipped = Skipped(row.OptionalInstant(), row.OptionalText()),
            },
        };

    /// <summary>The parameters that write a schedule.</summary>
    public static (string Name, object? Value)[] Values(ScheduleRecord schedule)
    {
        var (definition, position) = (schedule.Definition, schedule.Position);
        return
        [
            ("@name", schedule.Name),
            ("@workflow_type", definition.WorkflowType),
            ("@cron", definition.Cron),
            ("@every", definition.Every is { } every ? (long)every.TotalSeconds : null),
            ("@time_zone", definition.TimeZone),
            ("@state_vars", definition.StateVars),
            ("@business_key", definition.BusinessKey),
            ("@executor_group", definition.ExecutorGroup),
            ("@priority", definition.Priority),
            ("@overlap", definition.Overlap.ToName()),
            ("@catch_up", definition.CatchUp.ToName()),
            ("@catch_up_limit", definition.CatchUpLimit),
            ("@is_paused", schedule.IsPaused),
            ("@declared", schedule.Declared),
            ("@created_by", schedule.CreatedBy),
            ("@created", schedule.Created),
            ("@changed_by", schedule.ChangedBy),
            ("@changed", schedule.Changed),
            ("@revision", schedule.Revision),
            ("@next_due", position.NextDue),
            ("@last_due", position.LastDue),
            ("@last_workflow_id", position.LastWorkflowId),
            ("@queued", Text(position.Queued.Select(due => due.ToUnixTimeSeconds()))),
            ("@open_runs", Text(position.OpenRuns)),
            ("@created_count", position.CreatedCount),
            ("@skipped_by_overlap", position.SkippedByOverlap),
            ("@skipped_by_catch_up", position.SkippedByCatchUp),
            ("@last_skipped", position.LastSkipped?.Due),
            ("@last_skip_reason", position.LastSkipped?.Reason.ToName()),
        ];
    }

    /// <summary>The stored name of each policy.</summary>
    public static string ToName(this ScheduleOverlap overlap) => Overlaps[(int)overlap];

    /// <summary>The stored name of each policy.</summary>
    public static string ToName(this ScheduleCatchUp catchUp) => CatchUps[(int)catchUp];

    /// <summary>The stored name of each reason.</summary>
    public static string ToName(this ScheduleSkipReason reason) => Reasons[(int)reason];

    private static SkippedRun? Skipped(DateTimeOffset? due, string? reason) =>
        due is { } instant && reason is not null
            ? new SkippedRun(instant, (ScheduleSkipReason)Array.IndexOf(Reasons, reason))
            : null;

    private static string? Text(IEnumerable<long> numbers) =>
        string.Join(' ', numbers) is { Length: > 0 } text ? text : null;

    private static long[] Numbers(string? text) =>
        text is null ? [] : [.. text.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
}
