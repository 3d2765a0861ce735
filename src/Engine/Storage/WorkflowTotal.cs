namespace GopherFlow.Storage;

/// <summary>How many workflows all pages of a search have together, as far as the kept counts know.</summary>
public static class WorkflowTotal
{
    private static readonly WorkflowFilter Everything = new();

    /// <summary>Whether the counts know it: a search asks for no more than types, versions, states and statuses.</summary>
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

    /// <summary>The total, or null when the counts do not know it.</summary>
    /// <param name="search">The search, of any page.</param>
    /// <param name="counts">What <see cref="IWorkflowStore.CountsAsync"/> gives.</param>
    public static long? Of(WorkflowSearch search, IReadOnlyList<WorkflowCount> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return IsCounted(search) ? counts.Where(search.Filter.Counts).Sum(count => count.Count) : null;
    }
}
