using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Keeps the counts. They are the last that a transaction locks, in the order of their keys, so that two transactions never wait for
/// each other in a circle.
/// </summary>
internal static class MySqlCounts
{
    private const string Insert = "INSERT INTO workflow_counts (workflow_type, version, state, status, slot, count)";

    private const string AddToSlot = "ON DUPLICATE KEY UPDATE count = count + VALUES(count)";

    /// <summary>For a statement of its own.</summary>
    public const string AddToOne = $"""
        {Insert}
        VALUES (@type, @version, @state, @status, connection_id() % 16 + 16 * ((@@auto_increment_offset - 1) % 7), @by)
        {AddToSlot}
        """;

    /// <summary>Of the next transaction alone.</summary>
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

        // Each connection has a slot of its own as far as they go, so that writers do not wait for each other.
        var connection = batch.ServerThread;
        var insert = new MySqlValues(batch, Insert);
        foreach (var (key, change) in sorted)
        {
            insert.Row().WithCount(key).WithSlot(connection).With(change);
        }

        insert.End(AddToSlot);
    }

    /// <summary>
    /// Counts all workflows again. A repeatable read locks the gaps between the counts as well: a transaction that has written workflows
    /// but no counts yet waits, is not seen, and adds what it has changed afterwards.
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
