namespace GopherFlow.Storage;

/// <summary>The number of matches of a search on all its pages together, if the stored counts can tell.</summary>
public static class WorkflowTotal
{
    private static readonly WorkflowFilter Everything = new();

    /// <summary>Whether the counts can tell: the search has no conditions except types, versions, states and statuses.</summary>
    public static bool IsCounted(WorkflowSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        var rest = search.Filter with
        {
            WorkflowTypes = Everything.WorkflowTypes,
            Versions = Everything.Versions,
            States = Everything.States,
            Statuses = Everything.Statuses,
        };
        return !search.IsKeyed && rest.IsEmpty;
    }

    /// <summary>The total, or null if the counts cannot tell.</summary>
    /// <param name="search">The search, for any page.</param>
    /// <param name="counts">The result of <see cref="IWorkflowStore.CountsAsync"/>.</param>
    public static long? Of(WorkflowSearch search, IReadOnlyList<WorkflowCount> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return IsCounted(search) ? counts.Where(search.Filter.Counts).Sum(count => count.Count) : null;
    }
}
