using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>A page of the workflows that a filter means, smallest id first.</summary>
/// <param name="Filter">Which are meant.</param>
/// <param name="AfterId">Only those with a larger id: where the page before this one ended.</param>
/// <param name="UpToId">Only those whose id is not larger.</param>
/// <param name="Limit">The most workflows in the page.</param>
public sealed record FilterSearch(WorkflowFilter Filter, long AfterId, long UpToId, int Limit)
{
    /// <summary>
    /// The instant at which workflows wait for what <see cref="WorkflowFilter.WaitsFor"/> names. A filter that names something needs it.
    /// </summary>
    public DateTimeOffset? Now { get; init; }
}

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
