using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// The way through the workflows that ended some span ago, the one that ended first before the others. It remembers how far it has come, so what
/// has to be kept longer is not read over and over.
/// </summary>
internal sealed class RetentionSweep(TimeSpan span)
{
    private ExpiryPosition position = ExpiryPosition.First;

    /// <summary>Deletes what is due of the next page.</summary>
    /// <returns>How many were deleted, and whether there may be more pages.</returns>
    public async Task<(int Deleted, bool HasMore)> NextAsync(
        IWorkflowStore store,
        RetentionPolicy policy,
        int pageSize,
        CancellationToken stop
    )
    {
        var page = await store.FindExpiredAsync(new ExpiredSearch(span, position, pageSize), stop);
        var due = page.Where(row => !row.IsNeeded && policy.Of(row.WorkflowType, row.Status) == span).ToList();
        var deleted = due.Count == 0 ? 0 : await store.DeleteExpiredAsync(due, stop);
        position = page.Count == 0 ? position : page[^1].Position;
        return (deleted, page.Count == pageSize);
    }
}
