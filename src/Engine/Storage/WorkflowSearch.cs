using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// A page of workflows, newest first. Id, external id and business key are alternatives to each other (the Go system's rule); the filter
/// must hold as well. Every match is exact.
/// </summary>
public sealed record WorkflowSearch
{
    /// <summary>Which workflows are meant; all of them unless it says otherwise.</summary>
    public WorkflowFilter Filter { get; init; } = new();

    /// <summary>The id, or null.</summary>
    public long? Id { get; init; }

    /// <summary>The external id, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The business key, or null.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>
    /// The instant at which workflows wait for what <see cref="WorkflowFilter.WaitsFor"/> names. A filter that names something needs it.
    /// </summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Only workflows with a smaller id: where the page before this one ended.</summary>
    public long? BeforeId { get; init; }

    /// <summary>The most workflows in the page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>
    /// How many of those that match to skip first, beginning at <see cref="BeforeId"/>. For older clients; page with
    /// <see cref="BeforeId"/>.
    /// </summary>
    public int Offset { get; init; }

    /// <summary>
    /// When no index helps, the number of workflows to look at one by one; if that does not fill the page, it is partial.
    /// </summary>
    public int LookAtMost { get; init; } = 10_000;

    /// <summary>Whether the variables are read; without, they are empty.</summary>
    public bool WithVariables { get; init; } = true;

    /// <summary>
    /// The most bytes of variables, and of a result, that are read. In place of what has more stands an empty text, which is no JSON. Default:
    /// however many there are.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;

    /// <summary>Whether an id, an external id or a business key is asked for beside the filter.</summary>
    internal bool IsKeyed => Id is not null || ExternalId is not null || BusinessKey is not null;

    /// <summary>Whether a workflow is meant.</summary>
    /// <exception cref="ArgumentException">The filter asks what workflows wait for, but not when.</exception>
    public bool Matches(WorkflowRecord workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return (
                !IsKeyed
                || workflow.Id == Id
                || workflow.ExternalId == ExternalId
                || workflow.BusinessKey == BusinessKey
            )
            && !(workflow.Id >= BeforeId)
            && Filter.Matches(workflow, Filter.At(Now));
    }
}

/// <summary>What a search has found.</summary>
/// <param name="Workflows">The workflows, newest first.</param>
/// <param name="NextBeforeId">
/// The <see cref="WorkflowSearch.BeforeId"/> of the next page, or null when there is none. All that match and have this id or a larger one
/// have been found.
/// </param>
/// <param name="IsPartial">
/// Whether the page is not full because matches are rare and enough workflows were looked at. The search continues with the next page.
/// </param>
public sealed record SearchResult(IReadOnlyList<WorkflowRecord> Workflows, long? NextBeforeId, bool IsPartial)
{
    /// <summary>A page after which nothing was looked at if it is full, and nothing is left if it is not.</summary>
    internal static SearchResult Of(WorkflowSearch search, IReadOnlyList<WorkflowRecord> found) =>
        new(
            found,
            found.Count < search.Limit ? null
                : found.Count == 0 ? search.BeforeId
                : found[^1].Id,
            false
        );
}
