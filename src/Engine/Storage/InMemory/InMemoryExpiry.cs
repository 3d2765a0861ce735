using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Roles, and the deletion of old data, in memory.</summary>
internal sealed class InMemoryExpiry(InMemoryTables tables)
{
    public bool TakeRole(RoleClaim claim, DateTimeOffset now)
    {
        if (
            tables.Roles.TryGetValue(claim.Role, out var held)
            && held.ExecutorId != claim.ExecutorId
            && held.Until >= now
        )
        {
            return false;
        }

        tables.Roles[claim.Role] = (claim.ExecutorId, now + claim.Lease);
        return true;
    }

    public IReadOnlyList<ExpiredWorkflow> Find(ExpiredSearch search, DateTimeOffset now) =>
        [
            .. tables
                .Workflows.Values.Where(row => row.Finished <= now - search.Retention)
                .Select(row => new ExpiredWorkflow(
                    row.Id,
                    row.Revision,
                    row.WorkflowType,
                    row.Status,
                    row.Finished!.Value,
                    IsNeeded: row.OpenChildren > 0 || HasUnfinishedParent(row)
                ))
                .Where(row =>
                    row.Finished > search.After.Finished
                    || (row.Finished == search.After.Finished && row.Id > search.After.Id)
                )
                .OrderBy(row => row.Finished)
                .ThenBy(row => row.Id)
                .Take(search.Limit),
        ];

    public int Delete(IReadOnlyList<ExpiredWorkflow> expired, DateTimeOffset now)
    {
        var rows = new RowSet(now, executorId: null);
        foreach (var seen in expired)
        {
            if (
                tables.Workflows.GetValueOrDefault(seen.Id) is { } row
                && row.Revision == seen.Revision
                && !HasUnfinishedParent(row)
            )
            {
                rows.Remove(row);
            }
        }

        tables.Write(rows);
        return rows.Removed.Count;
    }

    public int DeleteExecutors(DateTimeOffset endedBefore)
    {
        var owners = tables.Workflows.Values.Select(row => row.ExecutorId).OfType<long>().ToHashSet();
        return tables.Executors.RemoveAll(executor => executor.Ended < endedBefore && !owners.Contains(executor.Id));
    }

    public int DeleteSignals(DateTimeOffset takenBefore, int limit)
    {
        var old = tables.Signals.Where(signal => signal.Taken < takenBefore).Take(limit).ToHashSet();
        return tables.Signals.RemoveAll(old.Contains);
    }

    private bool HasUnfinishedParent(WorkflowRecord row) =>
        row.ParentWorkflowId is { } id
        && tables.Workflows.GetValueOrDefault(id) is { } parent
        && !parent.Status.IsFinal();
}
