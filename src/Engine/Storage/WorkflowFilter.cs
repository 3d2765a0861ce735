using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>Which workflows are meant. Everything that is given must hold; of several values, one. Texts are compared exactly.</summary>
public sealed record WorkflowFilter
{
    /// <summary>When more ids than this are looked at, it is done piece by piece.</summary>
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

    /// <summary>How the business key begins, or null for any.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>The parent, or null for any.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>Only workflows that have no parent.</summary>
    public bool WithoutParent { get; init; }

    /// <summary>Created at this instant or later, or null.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created before this instant, or null.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Last changed at this instant or later, or null.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>Last changed before this instant, or null.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>Ended at this instant or later, or null.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>Ended before this instant, or null.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }

    /// <summary>The smallest id, or null.</summary>
    public long? IdFrom { get; init; }

    /// <summary>The largest id, or null.</summary>
    public long? IdTo { get; init; }

    /// <summary>Whether an index finds the few that have a key or a parent; all others are found by walking through the ids.</summary>
    internal bool IsNarrow => BusinessKey is not null || ParentWorkflowId is not null;

    /// <summary>Whether nothing is asked for, so that every workflow is meant.</summary>
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

    /// <summary>Whether a workflow is meant.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="now">The instant at which it waits for what <see cref="WaitsFor"/> names.</param>
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

    /// <summary>Whether workflows of a kind may be meant, as far as the type, the version, the state and the status tell.</summary>
    internal bool Counts(WorkflowCount kind) =>
        IsOneOf(WorkflowTypes, kind.WorkflowType)
        && IsOneOf(Versions, kind.Version)
        && IsOneOf(States, kind.State)
        && (Statuses.Count == 0 || Statuses.Contains(kind.Status));

    /// <summary>The instant of a question, which only a filter by <see cref="WaitsFor"/> needs.</summary>
    /// <exception cref="ArgumentException">It is needed and not given.</exception>
    internal DateTimeOffset At(DateTimeOffset? now) =>
        now is null && WaitsFor.Count > 0
            ? throw new ArgumentException(
                $"A filter by {nameof(WaitsFor)} needs {nameof(WorkflowSearch.Now)}, the instant at which they wait."
            )
            : now ?? DateTimeOffset.UnixEpoch;

    /// <summary>The same with other statuses: those that are given, as far as the filter asks for no others.</summary>
    internal WorkflowFilter Among(IReadOnlyList<WorkflowStatus> statuses) =>
        statuses.Count == 0
            ? this
            : this with
            {
                Statuses = Statuses.Count == 0 ? statuses : [.. Statuses.Intersect(statuses)],
            };

    /// <summary>
    /// The same with the statuses that the rest of it leaves possible, or null when nothing can match. What someone waits for is left out
    /// where the status says it all.
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
