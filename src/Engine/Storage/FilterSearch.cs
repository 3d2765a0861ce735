using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>A page of the workflows that match a filter, smallest id first.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="AfterId">Only workflows with a larger id: the last id of the previous page.</param>
/// <param name="UpToId">Only workflows with this id or a smaller one.</param>
/// <param name="Limit">The maximum number of workflows in the page.</param>
public sealed record FilterSearch(WorkflowFilter Filter, long AfterId, long UpToId, int Limit)
{
    /// <summary>
    /// The instant for which <see cref="WorkflowFilter.WaitsFor"/> is evaluated. Required if the filter sets it.
    /// </summary>
    public DateTimeOffset? Now { get; init; }
}

/// <summary>A workflow that matches a filter, as it was when it was read.</summary>
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
