using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Maintains the counts. A transaction locks them last, in the order of their keys, so that two transactions cannot deadlock.
/// </summary>
internal static class MySqlCounts
{
    private const string Insert = "INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)";

    private const string AddToSlot = "ON DUPLICATE KEY UPDATE count = count + VALUES(count)";

    /// <summary>A separate statement that adds to one count.</summary>
    public const string AddToOne = $"""
        {Insert}
        VALUES (@type, @version, @state, @status, connection_id() % 16 + 16 * ((@@auto_increment_offset - 1) % 7), @by)
        {AddToSlot}
        """;

    /// <summary>Sets the isolation level of the next transaction only.</summary>
    private const string RepeatableRead = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

    private const string ForgetAll = "DELETE FROM workflow_counts";

    private const string CountUnfinished = """
          SELECT workflow_type, version, state, status, count(*)
            FROM workflow_run
        GROUP BY workflow_type, version, state, status
        """;

    private const string CountFinal = """
          SELECT w.workflow_type, f.version, f.state, f.status, count(*)
            FROM workflow_result AS f
            JOIN workflow AS w ON w.id = f.id
        GROUP BY w.workflow_type, f.version, f.state, f.status
        """;

    /// <summary>Adds to the counts.</summary>
    public static void AddCounts(this MySqlStatements batch, CountDeltas deltas)
    {
        KeyValuePair<CountKey, long>[] sorted =
        [
            .. deltas
                .NonZero.OrderBy(count => count.Key.WorkflowType, StringComparer.Ordinal)
                .ThenBy(count => count.Key.Version, StringComparer.Ordinal)
                .ThenBy(count => count.Key.State, StringComparer.Ordinal)
                .ThenBy(count => count.Key.Status),
        ];
        if (sorted.Length == 0)
        {
            return;
        }

        // Connections are spread over the slots, so that writers rarely wait for each other.
        var connection = batch.ServerThread;
        var insert = new MySqlValues(batch, Insert);
        foreach (var (key, change) in sorted)
        {
            insert.Row().WithCount(key).WithSlot(connection).With(change);
        }

        insert.End(AddToSlot);
    }

    /// <summary>
    /// Counts all workflows again. REPEATABLE READ also locks the gaps between the counts: a transaction that has already written workflows
    /// but not yet its counts waits, is not visible to the recount, and adds its changes afterwards.
    /// </summary>
    public static async Task<bool> RebuildAsync(
        MySqlConnection connection,
        SqlDialect dialect,
        CancellationToken cancellation
    )
    {
        await using var count = new MySqlStatements(connection, dialect) { Timeout = 0 };
        count.Statement(RepeatableRead);
        count.Statement(MySqlStatements.Begin);
        count.Statement(ForgetAll);
        count.Statement(CountUnfinished);
        count.Statement(CountFinal);
        var counts = new CountDeltas();
        await count.ReadAsync(
            async results =>
            {
                counts.Add(await results.NextAsync(StoredRows.Count));
                counts.Add(await results.NextAsync(StoredRows.Count));
                return true;
            },
            cancellation
        );
        await using var enter = new MySqlStatements(connection, dialect);
        enter.AddCounts(counts);
        enter.Statement(MySqlStatements.Commit);
        await enter.RunAsync(cancellation);
        return true;
    }
}
