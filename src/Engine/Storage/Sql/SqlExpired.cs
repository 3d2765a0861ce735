using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Finds workflows that ended long enough ago, by the index of end times, and deletes them: a few hundred in one transaction of a few
/// statements.
/// </summary>
/// <param name="database">The connections.</param>
/// <param name="addToCount">Adds <c>@by</c> to the count of <c>@type</c>, <c>@version</c>, <c>@state</c> and <c>@status</c>.</param>
internal class SqlExpired(ISqlDatabase database, string addToCount)
{
    private readonly string find = Find(database.Dialect);

    internal static string Find(SqlDialect dialect) =>
        $"""
               SELECT f.id, f.revision, w.workflow_type, f.status, f.finished, f.open_children, r.id
                 FROM workflow_result AS f {dialect.WalkedBy("workflow_result_by_finished")}
                 {dialect.JoinInOrder} workflow AS w {dialect.ByPrimaryKey} ON {dialect.IsOf("w.id", "f.id")}
            LEFT JOIN workflow_run AS r ON {dialect.IsOf("r.id", "w.parent_workflow_id")}
                WHERE f.finished >= @after
                  AND (f.finished > @after OR f.id > @after_id)
                  AND f.finished <= {dialect.Now} - @retention
             ORDER BY f.finished, f.id
                LIMIT @limit
            """;

    public Task<IReadOnlyList<ExpiredWorkflow>> FindAsync(ExpiredSearch search, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ExpiredWorkflow>>(
            async session =>
                await session.ReadAsync(
                    find,
                    static row => new ExpiredWorkflow(
                        row.Number(),
                        row.Number(),
                        row.Text(),
                        WorkflowStatusNames.Parse(row.Text()),
                        row.Instant(),
                        IsNeeded: row.SmallNumber() > 0 || row.OptionalNumber() is not null
                    ),
                    cancellation,
                    ("@now", session.Now),
                    ("@after", search.After.Finished),
                    ("@after_id", search.After.Id),
                    ("@retention", search.Retention),
                    ("@limit", search.Limit)
                ),
            cancellation
        );

    /// <summary>Deletes those that have not changed since they were read, and that no other transaction has locked.</summary>
    /// <returns>How many were deleted.</returns>
    public virtual Task<int> DeleteAsync(IReadOnlyList<ExpiredWorkflow> expired, CancellationToken cancellation)
    {
        var seen = expired.ToDictionary(workflow => workflow.Id, workflow => workflow.Revision);
        return database.WriteAsync(
            async session =>
            {
                var locked = await session.ReadAsync(
                    Lock(database.Dialect, SqlSignals.ListOf(seen.Keys)),
                    static row => new Expired(
                        row.Number(),
                        row.Number(),
                        new CountKey(row.Text(), row.Text(), row.Text(), WorkflowStatusNames.Parse(row.Text()))
                    ),
                    cancellation
                );
                locked.RemoveAll(row => row.Revision != seen[row.Id]);
                if (locked.Count == 0)
                {
                    return 0;
                }

                await session.DeleteAsync(SqlSignals.ListOf(locked.Select(row => row.Id)), cancellation);
                await TakeFromCountsAsync(session, locked, cancellation);
                return locked.Count;
            },
            cancellation
        );
    }

    private static string Lock(SqlDialect dialect, string ids) =>
        $"""
              SELECT f.id, f.revision, w.workflow_type, f.version, f.state, f.status
                FROM workflow_result AS f {dialect.ByPrimaryKey}
                {dialect.JoinInOrder} workflow AS w {dialect.ByPrimaryKey} ON w.id = f.id
               WHERE f.id IN ({ids})
                 AND NOT EXISTS (SELECT 1
                                   FROM workflow_run AS parent
                                  WHERE parent.id = w.parent_workflow_id)
            ORDER BY f.id
            {dialect.LockFree}
            """;

    /// <summary>The counts are locked last, in the order of their keys.</summary>
    private async Task TakeFromCountsAsync(
        SqlSession session,
        IEnumerable<Expired> deleted,
        CancellationToken cancellation
    )
    {
        var counts = deleted
            .CountBy(row => row.Count)
            .OrderBy(count => count.Key.WorkflowType, StringComparer.Ordinal)
            .ThenBy(count => count.Key.Version, StringComparer.Ordinal)
            .ThenBy(count => count.Key.State, StringComparer.Ordinal)
            .ThenBy(count => count.Key.Status);
        foreach (var (key, count) in counts)
        {
            await session.RunAsync(
                addToCount,
                cancellation,
                ("@type", key.WorkflowType),
                ("@version", key.Version),
                ("@state", key.State),
                ("@status", key.Status.ToName()),
                ("@by", -count)
            );
        }
    }

    private readonly record struct Expired(long Id, long Revision, CountKey Count);
}
