using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Why a run was skipped.</summary>
public enum ScheduleSkipReason
{
    /// <summary>OVERLAP: an earlier run had not ended.</summary>
    Overlap,

    /// <summary>CATCH_UP: it was missed, and the schedule does not make up for all missed runs.</summary>
    CatchUp,
}

/// <summary>A due instant at which no run was started.</summary>
/// <param name="Due">The instant.</param>
/// <param name="Reason">Why it was skipped.</param>
public sealed record SkippedRun(DateTimeOffset Due, ScheduleSkipReason Reason);

/// <summary>A stored schedule.</summary>
public sealed record ScheduleRecord
{
    /// <summary>The prefix of the actor of a schedule: <c>schedule:nightly</c>. Users cannot have such a name.</summary>
    public const string ActorPrefix = "schedule:";

    /// <summary>Its name, which identifies it.</summary>
    public required string Name { get; init; }

    /// <summary>Which workflow it starts, and when.</summary>
    public required ScheduleDefinition Definition { get; init; }

    /// <summary>Its position in the timetable, and its counts.</summary>
    public SchedulePosition Position { get; init; } = new();

    /// <summary>Whether it is paused. A paused schedule is not due until it is resumed.</summary>
    public bool IsPaused { get; init; }

    /// <summary>A hash of its declaration in code, or null if a person created it.</summary>
    public string? Declared { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who last changed, paused or resumed it.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When it was last changed, paused or resumed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Increases with every write.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Its name as the actor in histories.</summary>
    public string Actor => ActorPrefix + Name;

    /// <summary>The prefix of the external ids of its runs.</summary>
    public string ExternalIdPrefix => $"{ActorPrefix}{Name}:";

    /// <summary>The external id of the run for a due instant. It ensures that there is at most one such workflow.</summary>
    public string ExternalIdOf(DateTimeOffset due) => $"{ExternalIdPrefix}{TextOf(due)}";

    /// <summary>
    /// The external id of a run that a person started. Runs are sorted by external id, so it sorts after a run that was due in the same
    /// second.
    /// </summary>
    public string ExternalIdOfTrigger(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{ExternalIdOf(now)}.{now.UtcDateTime:ffffff}:manual");

    /// <summary>The business key of the run for a due instant.</summary>
    public string BusinessKeyOf(DateTimeOffset due) =>
        Definition
            .BusinessKey.Replace(ScheduleDefinition.NamePlaceholder, Name, StringComparison.Ordinal)
            .Replace(ScheduleDefinition.DuePlaceholder, TextOf(due), StringComparison.Ordinal);

    private static string TextOf(DateTimeOffset due) =>
        due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The position of a schedule in its timetable, and its counts.</summary>
public sealed record SchedulePosition
{
    /// <summary>The maximum number of open runs to remember.</summary>
    private const int MostOpenRuns = 100;

    /// <summary>When it is due next; null while it is paused, or if it is never due again.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>When it was due last.</summary>
    public DateTimeOffset? LastDue { get; init; }

    /// <summary>The id of the last workflow that it created.</summary>
    public long? LastWorkflowId { get; init; }

    /// <summary>The due instants of queued runs, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Queued { get; init; } = [];

    /// <summary>The ids of runs that may not have ended, oldest first; at most the newest 100.</summary>
    public IReadOnlyList<long> OpenRuns { get; init; } = [];

    /// <summary>How many runs it has created, including those that a person started.</summary>
    public long CreatedCount { get; init; }

    /// <summary>How many runs were skipped because an earlier one had not ended.</summary>
    public long SkippedByOverlap { get; init; }

    /// <summary>How many runs were missed and not made up for.</summary>
    public long SkippedByCatchUp { get; init; }

    /// <summary>The last run that was skipped.</summary>
    public SkippedRun? LastSkipped { get; init; }

    /// <summary>A copy with new runs.</summary>
    internal SchedulePosition With(IReadOnlyList<long> created) =>
        created.Count == 0
            ? this
            : this with
            {
                OpenRuns = [.. OpenRuns.Concat(created).TakeLast(MostOpenRuns)],
                LastWorkflowId = created[^1],
                CreatedCount = CreatedCount + created.Count,
            };
}
