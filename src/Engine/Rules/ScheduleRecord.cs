using System.Globalization;
using GopherFlow.Authoring;

namespace GopherFlow.Rules;

/// <summary>Why a run was skipped.</summary>
public enum ScheduleSkipReason
{
    /// <summary>OVERLAP: a run before it had not ended.</summary>
    Overlap,

    /// <summary>CATCH_UP: it was missed, and missed runs are not all made up for.</summary>
    CatchUp,
}

/// <summary>A due instant at which no run was started.</summary>
/// <param name="Due">The instant.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedRun(DateTimeOffset Due, ScheduleSkipReason Reason);

/// <summary>A schedule as it is stored.</summary>
public sealed record ScheduleRecord
{
    /// <summary>What the actor of a schedule begins with: <c>schedule:nightly</c>. No user has such a name.</summary>
    public const string ActorPrefix = "schedule:";

    /// <summary>Its name, by which it is known.</summary>
    public required string Name { get; init; }

    /// <summary>Which workflow it starts, and when.</summary>
    public required ScheduleDefinition Definition { get; init; }

    /// <summary>How far it is.</summary>
    public SchedulePosition Position { get; init; } = new();

    /// <summary>Whether it is paused: nothing is due until it is resumed.</summary>
    public bool IsPaused { get; init; }

    /// <summary>A hash of its declaration in code, or null for one that was created by a person.</summary>
    public string? Declared { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who last changed, paused or resumed it.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>Rises with every write.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>By what name it acts.</summary>
    public string Actor => ActorPrefix + Name;

    /// <summary>What the external ids of its runs begin with.</summary>
    public string ExternalIdPrefix => $"{ActorPrefix}{Name}:";

    /// <summary>The external id of the run of a due instant: there is one workflow with it at the most.</summary>
    public string ExternalIdOf(DateTimeOffset due) => $"{ExternalIdPrefix}{TextOf(due)}";

    /// <summary>
    /// The external id of a run that a person started. Runs are listed by external id, so it comes after a run that was due in the same
    /// second.
    /// </summary>
    public string ExternalIdOfTrigger(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{ExternalIdOf(now)}.{now.UtcDateTime:ffffff}:manual");

    /// <summary>The business key of the run of a due instant.</summary>
    public string BusinessKeyOf(DateTimeOffset due) =>
        Definition
            .BusinessKey.Replace(ScheduleDefinition.NamePlaceholder, Name, StringComparison.Ordinal)
            .Replace(ScheduleDefinition.DuePlaceholder, TextOf(due), StringComparison.Ordinal);

    private static string TextOf(DateTimeOffset due) =>
        due.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>How far a schedule is.</summary>
public sealed record SchedulePosition
{
    /// <summary>The most runs to remember that may not have ended.</summary>
    private const int MostOpenRuns = 100;

    /// <summary>When it is due next; null while it is paused, and when it is never due again.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>When it was due last.</summary>
    public DateTimeOffset? LastDue { get; init; }

    /// <summary>The workflow that it created last.</summary>
    public long? LastWorkflowId { get; init; }

    /// <summary>Due instants whose runs wait for those before them, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Queued { get; init; } = [];

    /// <summary>The runs of it that may not have ended, oldest first; the newest hundred.</summary>
    public IReadOnlyList<long> OpenRuns { get; init; } = [];

    /// <summary>How many runs it has created, those included that a person started.</summary>
    public long CreatedCount { get; init; }

    /// <summary>How many runs were skipped since another had not ended.</summary>
    public long SkippedByOverlap { get; init; }

    /// <summary>How many runs were missed and not made up for.</summary>
    public long SkippedByCatchUp { get; init; }

    /// <summary>The last run that was skipped.</summary>
    public SkippedRun? LastSkipped { get; init; }

    /// <summary>With runs that were created.</summary>
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
