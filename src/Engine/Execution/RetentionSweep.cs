using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// The way through the workflows that ended some span ago, the one that ended first before the others. It remembers how far it has come, so what
/// has to be kept longer is not read over and over.
/// </summary>
internal sealed class RetentionSweep(TimeSpan span)
{
    private ExpiryPosition position = ExpiryPosition.First;

    /// <summary>Halved when a page fails, because very long histories can make its deletion time out.</summary>
    private int size = int.MaxValue;

    /// <summary>Deletes what is due of the next page.</summary>
    /// <returns>How many were deleted, and whether there may be more pages.</returns>
    public async Task<(int Deleted, bool HasMore)> NextAsync(
        IWorkflowStore store,
        RetentionPolicy policy,
        int pageSize,
        CancellationToken stop
    )
    {
        var limit = Math.Min(size, pageSize);
        var page = await store.FindExpiredAsync(new ExpiredSearch(span, position, limit), stop);
        var due = page.Where(row => !row.IsNeeded && policy.Of(row.WorkflowType, row.Status) == span).ToList();
        var deleted = due.Count == 0 ? 0 : await DeleteAsync(store, due, limit, stop);
        position = page.Count == 0 ? position : page[^1].Position;
        return (deleted, page.Count == limit);
    }

    private async Task<int> DeleteAsync(
        IWorkflowStore store,
        List<ExpiredWorkflow> due,
        int limit,
        CancellationToken stop
    )
    {
        try
        {
            var deleted = await store.DeleteExpiredAsync(due, stop);
            size = 2 * limit;
            return deleted;
        }
        catch
        {
            size = Math.Max(limit / 2, 1);
            throw;
        }
    }
}
