using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// Walks through the workflows that ended longer ago than a retention time, oldest first. It remembers its position, so workflows that are
/// kept longer are read only once per sweep.
/// </summary>
internal sealed class RetentionSweep(TimeSpan span)
{
    private ExpiryPosition position = ExpiryPosition.First;

    /// <summary>The page size. It is halved after a failure, because deleting very long histories can time out.</summary>
    private int size = int.MaxValue;

    /// <summary>Deletes the expired workflows of the next page.</summary>
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
