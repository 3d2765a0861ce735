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

    /// <summary>The executor group, or null for any.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>The business key, or null for any.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>How the business key begins, or null for any.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>The parent, or null for any.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>Created at this instant or later, or null.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created before this instant, or null.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Last changed at this instant or later, or null.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>Last changed before this instant, or null.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>The smallest id, or null.</summary>
    public long? IdFrom { get; init; }

    /// <summary>The largest id, or null.</summary>
    public long? IdTo { get; init; }

    /// <summary>Whether an index finds the few that have a key or a parent; all others are found by walking through the ids.</summary>
    internal bool IsNarrow => BusinessKey is not null || ParentWorkflowId is not null;

    /// <summary>Whether a workflow is meant.</summary>
    public bool Matches(WorkflowRecord workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return IsOneOf(WorkflowTypes, workflow.WorkflowType)
            && IsOneOf(Versions, workflow.Version)
            && IsOneOf(States, workflow.State)
            && (Statuses.Count == 0 || Statuses.Contains(workflow.Status))
            && (ExecutorGroup is null || ExecutorGroup == workflow.ExecutorGroup)
            && (BusinessKey is null || BusinessKey == workflow.BusinessKey)
            && (
                BusinessKeyPrefix is null
                || workflow.BusinessKey.StartsWith(BusinessKeyPrefix, StringComparison.Ordinal)
            )
            && (ParentWorkflowId is null || ParentWorkflowId == workflow.ParentWorkflowId)
            && !(workflow.Created < CreatedFrom || workflow.Created >= CreatedBefore)
            && !(workflow.Modified < ModifiedFrom || workflow.Modified >= ModifiedBefore)
            && !(workflow.Id < IdFrom || workflow.Id > IdTo);
    }

    /// <summary>The same with other statuses: those that are given, as far as the filter asks for no others.</summary>
    internal WorkflowFilter Among(IReadOnlyList<WorkflowStatus> statuses) =>
        statuses.Count == 0
            ? this
            : this with
            {
                Statuses = Statuses.Count == 0 ? statuses : [.. Statuses.Intersect(statuses)],
            };

    private static bool IsOneOf(IReadOnlyList<string> values, string value) =>
        values.Count == 0 || values.Contains(value, StringComparer.Ordinal);
}

/// <summary>A page of the workflows that a filter means, smallest id first.</summary>
/// <param name="Filter">Which are meant.</param>
/// <param name="AfterId">Only those with a larger id: where the page before this one ended.</param>
/// <param name="UpToId">Only those whose id is not larger.</param>
/// <param name="Limit">At most so many.</param>
public sealed record FilterSearch(WorkflowFilter Filter, long AfterId, long UpToId, int Limit);

/// <summary>A workflow that a filter has found, as it stood then.</summary>
/// <param name="Id">Its id.</param>
/// <param name="WorkflowType">Its type.</param>
/// <param name="Version">Its version.</param>
/// <param name="State">Its state.</param>
/// <param name="Status">Its status.</param>
public sealed record FilteredWorkflow(
    long Id,
    string WorkflowType,
    string Version,
    string State,
    WorkflowStatus Status
);
