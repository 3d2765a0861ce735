using GopherFlow.Authoring;

namespace GopherFlow.Storage.Sql;

/// <summary>
/// Deletes the counts of kinds that have no workflows any more. A count is spread over slots. The slots that are locked are deleted if they
/// add up to zero, so the sum stays the same whatever other transactions add meanwhile. Each transaction locks the slots of only one kind,
/// so it cannot deadlock with those that write several kinds.
/// </summary>
internal sealed class SqlEmptyCounts(ISqlDatabase database)
{
    private const string Empty = """
          SELECT workflow_type, version, state, status
            FROM workflow_counts
        GROUP BY workflow_type, version, state, status
          HAVING sum(count) = 0
           LIMIT @limit
        """;

    private readonly string lockSlots = $"""
          SELECT {database.Dialect.CountSlot}, count
            FROM workflow_counts
           WHERE {OfKind(database.Dialect)}
        ORDER BY 1
        {database.Dialect.LockRow}
        """;

    /// <summary>Deletes them, one kind at a time.</summary>
    /// <param name="limit">The maximum number of kinds.</param>
    /// <param name="cancellation">Cancels it between two kinds.</param>
    public async Task DeleteAsync(int limit, CancellationToken cancellation)
    {
        var kinds = await database.AllAsync(
            Empty,
            row => new CountKey(row.Text(), row.Text(), row.Text(), WorkflowStatusNames.Parse(row.Text())),
            cancellation,
            ("@limit", limit)
        );
        foreach (var kind in kinds)
        {
            await database.WriteAsync(session => DeleteAsync(session, kind, cancellation), cancellation);
        }
    }

    private async Task<int> DeleteAsync(SqlSession session, CountKey kind, CancellationToken cancellation)
    {
        (string, object?)[] values =
        [
            ("@type", kind.WorkflowType),
            ("@version", kind.Version),
            ("@state", kind.State),
            ("@status", kind.Status.ToName()),
        ];
        var slots = await session.ReadAsync(
            lockSlots,
            row => (Slot: (long)row.SmallNumber(), Count: row.Number()),
            cancellation,
            values
        );
        return slots.Count == 0 || slots.Sum(slot => slot.Count) != 0
            ? 0
            : await session.RunAsync(Delete(slots.Select(slot => slot.Slot)), cancellation, values);
    }

    private string Delete(IEnumerable<long> slots) =>
        $"""
            DELETE FROM workflow_counts
             WHERE {OfKind(database.Dialect)}
               AND {database.Dialect.CountSlot} IN ({SqlSignals.ListOf(slots)})
            """;

    private static string OfKind(SqlDialect dialect) =>
        $"""
            workflow_type = {dialect.Identifier("@type")}
               AND version = {dialect.Identifier("@version")}
               AND state = {dialect.Identifier("@state")}
               AND status = @status
            """;
}
