using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// A page of workflows, newest first. Id, external id and business key are alternatives (a rule of the Go system); the filter must match as
/// well. Every match is exact.
/// </summary>
public sealed record WorkflowSearch
{
    /// <summary>The filter. Default: all workflows.</summary>
    public WorkflowFilter Filter { get; init; } = new();

    /// <summary>The id, or null.</summary>
    public long? Id { get; init; }

    /// <summary>The external id, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The business key, or null.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>
    /// The instant for which <see cref="WorkflowFilter.WaitsFor"/> is evaluated. Required if the filter sets it.
    /// </summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Only workflows with a smaller id: the <see cref="SearchResult.NextBeforeId"/> of the previous page.</summary>
    public long? BeforeId { get; init; }

    /// <summary>The maximum number of workflows in the page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>
    /// How many matches to skip first, starting at <see cref="BeforeId"/>. For older clients; others page with <see cref="BeforeId"/>.
    /// </summary>
    public int Offset { get; init; }

    /// <summary>
    /// The maximum number of workflows to read one by one if no index helps. If that does not fill the page, it is partial. Default:
    /// 10,000.
    /// </summary>
    public int MaxRowsRead { get; init; } = 10_000;

    /// <summary>Whether the variables are read; otherwise they are empty. Default: true.</summary>
    public bool WithVariables { get; init; } = true;

    /// <summary>
    /// The maximum size in bytes of variables, and of a result. A larger value is returned as an empty text, which is not JSON. Default: no
    /// limit.
    /// </summary>
    public int LargestValue { get; init; } = int.MaxValue;

    /// <summary>Whether the search asks for an id, an external id or a business key in addition to the filter.</summary>
    internal bool IsKeyed => Id is not null || ExternalId is not null || BusinessKey is not null;

    /// <summary>Whether a workflow matches.</summary>
    /// <exception cref="ArgumentException">
    /// The filter sets <see cref="WorkflowFilter.WaitsFor"/>, but <see cref="Now"/> is null.
    /// </exception>
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

/// <summary>The result of a search.</summary>
/// <param name="Workflows">The workflows, newest first.</param>
/// <param name="NextBeforeId">
/// The <see cref="WorkflowSearch.BeforeId"/> of the next page, or null if there is none. All matches with this id or a larger one have been
/// found.
/// </param>
/// <param name="IsPartial">
/// Whether the page is not full because matches are rare and <see cref="WorkflowSearch.MaxRowsRead"/> workflows were read. The search
/// continues with the next page.
/// </param>
public sealed record SearchResult(IReadOnlyList<WorkflowRecord> Workflows, long? NextBeforeId, bool IsPartial)
{
    /// <summary>
    /// The result of a search that was not cut short: if the page is full, the next one begins after it; if not, nothing is left.
    /// </summary>
    internal static SearchResult Of(WorkflowSearch search, IReadOnlyList<WorkflowRecord> found) =>
        new(
            found,
            found.Count < search.Limit ? null
                : found.Count == 0 ? search.BeforeId
                : found[^1].Id,
            false
        );
}
