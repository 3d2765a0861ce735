using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Selects workflows. All given conditions must match; of several values, one must match. Texts are compared exactly.</summary>
public sealed record WorkflowFilter
{
    /// <summary>The number of ids that are searched at once; a larger range is searched piece by piece.</summary>
    internal const long Window = 10_000;

    /// <summary>The types, or empty for any.</summary>
    public IReadOnlyList<string> WorkflowTypes { get; init; } = [];

    /// <summary>The versions of the definition, or empty for any.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The states, or empty for any.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>The statuses, or empty for any.</summary>
    public IReadOnlyList<WorkflowStatus> Statuses { get; init; } = [];

    /// <summary>The executor groups, or empty for any.</summary>
    public IReadOnlyList<string> ExecutorGroups { get; init; } = [];

    /// <summary>What they wait for, or empty for any.</summary>
    public IReadOnlyList<WaitReason> WaitsFor { get; init; } = [];

    /// <summary>The business key, or null for any.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>The prefix of the business key, or null for any.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>The parent, or null for any.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>Only workflows that have no parent.</summary>
    public bool WithoutParent { get; init; }

    /// <summary>Only workflows created at this instant or later; null for any.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only workflows created before this instant; null for any.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only workflows last changed at this instant or later; null for any.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>Only workflows last changed before this instant; null for any.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>Only workflows that ended at this instant or later; null for any.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>Only workflows that ended before this instant; null for any.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }

    /// <summary>The smallest id, or null for any.</summary>
    public long? IdFrom { get; init; }

    /// <summary>The largest id, or null for any.</summary>
    public long? IdTo { get; init; }

    /// <summary>Whether an index finds the few workflows with a key or a parent. Otherwise a search walks through the ids.</summary>
    internal bool IsNarrow => BusinessKey is not null || ParentWorkflowId is not null;

    /// <summary>Whether there is no condition, so that every workflow matches.</summary>
    internal bool IsEmpty =>
        this
            is {
                WorkflowTypes.Count: 0,
                Versions.Count: 0,
                States.Count: 0,
                Statuses.Count: 0,
                ExecutorGroups.Count: 0,
                WaitsFor.Count: 0,
                BusinessKey: null,
                BusinessKeyPrefix: null,
                ParentWorkflowId: null,
                WithoutParent: false,
                CreatedFrom: null,
                CreatedBefore: null,
                ModifiedFrom: null,
                ModifiedBefore: null,
                FinishedFrom: null,
                FinishedBefore: null,
                IdFrom: null,
                IdTo: null,
            };

    /// <summary>Whether a workflow matches.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="now">The instant for which <see cref="WaitsFor"/> is evaluated.</param>
    public bool Matches(WorkflowRecord workflow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return IsOneOf(WorkflowTypes, workflow.WorkflowType)
            && IsOneOf(Versions, workflow.Version)
            && IsOneOf(States, workflow.State)
            && (Statuses.Count == 0 || Statuses.Contains(workflow.Status))
            && IsOneOf(ExecutorGroups, workflow.ExecutorGroup)
            && (WaitsFor.Count == 0 || (WaitReasons.Of(workflow, now) is { } reason && WaitsFor.Contains(reason)))
            && (BusinessKey is null || BusinessKey == workflow.BusinessKey)
            && (
                BusinessKeyPrefix is null
                || workflow.BusinessKey.StartsWith(BusinessKeyPrefix, StringComparison.Ordinal)
            )
            && (ParentWorkflowId is null || ParentWorkflowId == workflow.ParentWorkflowId)
            && !(WithoutParent && workflow.ParentWorkflowId is not null)
            && !(workflow.Created < CreatedFrom || workflow.Created >= CreatedBefore)
            && !(workflow.Modified < ModifiedFrom || workflow.Modified >= ModifiedBefore)
            && (FinishedFrom is null || workflow.Finished >= FinishedFrom)
            && (FinishedBefore is null || workflow.Finished < FinishedBefore)
            && !(workflow.Id < IdFrom || workflow.Id > IdTo);
    }

    /// <summary>Whether workflows of a kind may match, judging by type, version, state and status.</summary>
    internal bool Counts(WorkflowCount kind) =>
        IsOneOf(WorkflowTypes, kind.WorkflowType)
        && IsOneOf(Versions, kind.Version)
        && IsOneOf(States, kind.State)
        && (Statuses.Count == 0 || Statuses.Contains(kind.Status));

    /// <summary>The instant for which <see cref="WaitsFor"/> is evaluated; other filters need none.</summary>
    /// <exception cref="ArgumentException">It is needed, but null.</exception>
    internal DateTimeOffset At(DateTimeOffset? now) =>
        now is null && WaitsFor.Count > 0
            ? throw new ArgumentException(
                $"A filter by {nameof(WaitsFor)} needs {nameof(WorkflowSearch.Now)}, the instant at which they wait."
            )
            : now ?? DateTimeOffset.UnixEpoch;

    /// <summary>The same filter, restricted to these statuses if there are any.</summary>
    internal WorkflowFilter Among(IReadOnlyList<WorkflowStatus> statuses) =>
        statuses.Count == 0
            ? this
            : this with
            {
                Statuses = Statuses.Count == 0 ? statuses : [.. Statuses.Intersect(statuses)],
            };

    /// <summary>
    /// The same filter, restricted to the statuses that its other conditions allow, or null if nothing can match. <see cref="WaitsFor"/> is
    /// dropped if the status already implies it.
    /// </summary>
    internal WorkflowFilter? Narrowed()
    {
        var statuses = Statuses.Count == 0 ? Enum.GetValues<WorkflowStatus>() : [.. Statuses.Distinct()];
        if (WaitsFor.Count > 0)
        {
            statuses = [.. statuses.Where(status => WaitsFor.Any(reason => reason.IsPossibleIn(status)))];
        }

        if (FinishedFrom is not null || FinishedBefore is not null)
        {
            statuses = [.. statuses.Where(status => status.IsFinal())];
        }

        return statuses.Length switch
        {
            0 => null,
            _ => this with
            {
                Statuses = statuses.Length == Enum.GetValues<WorkflowStatus>().Length ? [] : statuses,
                WaitsFor = WaitsFor.All(reason => reason is WaitReason.Person or WaitReason.Resume) ? [] : WaitsFor,
            },
        };
    }

    private static bool IsOneOf(IReadOnlyList<string> values, string value) =>
        values.Count == 0 || values.Contains(value, StringComparer.Ordinal);
}
