namespace GopherFlow.Storage.Sql;

/// <summary>Signals, and other writes that are too rare to be part of the statements of every commit.</summary>
internal static class SqlSignals
{
    /// <summary>A page of the signals of a workflow that no step has taken, oldest first.</summary>
    public const string Kept = """
          SELECT id, name, signal_key, CASE WHEN octet_length(payload) > @largest THEN '' ELSE payload END, sent
            FROM workflow_signals
           WHERE workflow_id = @workflow
             AND taken IS NULL
             AND id > @after
        ORDER BY id
           LIMIT @limit
        """;

    /// <summary>The signals of a workflow that steps have taken, oldest first.</summary>
    public const string Taken = """
          SELECT id, name, signal_key, payload, sent, taken
            FROM workflow_signals
           WHERE workflow_id = @workflow
             AND taken IS NOT NULL
        ORDER BY id
        """;

    /// <summary>The oldest signal of a name that no step of a workflow has taken.</summary>
    public static string Oldest(SqlDialect dialect) =>
        $"""
              SELECT id, name, signal_key, payload, sent
                FROM workflow_signals
               WHERE workflow_id = @workflow
                 AND taken IS NULL
                 AND name = {dialect.Identifier("@name")}
            ORDER BY id
               LIMIT 1
            """;

    private const string Insert = """
        INSERT INTO workflow_signals (workflow_id, name, signal_key, payload, actor, sent)
        VALUES (@workflow, @name, @key, @payload, @actor, @sent)
        """;

    /// <summary>
    /// Runs before the entry of the new beginning is written. MySQL can read the table from which it deletes only in a nested subquery.
    /// </summary>
    private const string CloseHistory = """
        DELETE FROM workflow_actions
         WHERE workflow_id = @workflow
           AND id < (SELECT last
                       FROM (SELECT max(id) AS last
                               FROM workflow_actions
                              WHERE workflow_id = @workflow
                                AND kind = 'CONTINUED_ANEW') AS beginning)
        """;

    private static readonly string[] TablesOfWorkflow = ["workflow_signals", "workflow_actions", "workflow_variables"];

    /// <summary>Whether a workflow has ever received a signal with this key.</summary>
    public static async Task<bool> HasAsync(
        this SqlSession session,
        SqlDialect dialect,
        long workflowId,
        string key,
        CancellationToken cancellation
    )
    {
        var found = await session.ReadAsync(
            $"""
            SELECT count(*)
              FROM workflow_signals
             WHERE workflow_id = @workflow
               AND signal_key = {dialect.Identifier("@key")}
            """,
            row => row.Number(),
            cancellation,
            ("@workflow", workflowId),
            ("@key", key)
        );
        return found[0] > 0;
    }

    /// <summary>Writes the signals of a transaction, and makes its deletions. The rows of the workflows are locked.</summary>
    public static async Task WriteRareAsync(this SqlSession session, RowSet rows, CancellationToken cancellation)
    {
        foreach (var (workflowId, signalled) in rows.Signals)
        {
            await session.RunAsync(
                Insert,
                cancellation,
                ("@workflow", workflowId),
                ("@name", signalled.Signal.Name),
                ("@key", signalled.Signal.Key),
                ("@payload", signalled.Signal.Payload),
                ("@actor", signalled.Actor),
                ("@sent", rows.Now)
            );
        }

        if (rows.TakenSignals.Count > 0)
        {
            await session.TakeAsync($"id IN ({ListOf(rows.TakenSignals)})", rows.Now, cancellation);
        }

        if (rows.DroppedSignals.Count > 0)
        {
            await session.TakeAsync($"workflow_id IN ({ListOf(rows.DroppedSignals)})", rows.Now, cancellation);
        }

        foreach (var workflowId in rows.ClosedHistories)
        {
            await session.RunAsync(CloseHistory, cancellation, ("@workflow", workflowId));
        }

        if (rows.Removed.Count > 0)
        {
            await session.DeleteAsync(ListOf(rows.Removed.Select(row => row.Id)), cancellation);
        }
    }

    private static Task<int> TakeAsync(
        this SqlSession session,
        string which,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        session.RunAsync(
            $"""
            UPDATE workflow_signals
               SET taken = @now
             WHERE {which}
               AND taken IS NULL
            """,
            cancellation,
            ("@now", now)
        );

    /// <summary>Deletes workflows with everything that belongs to them. Their rows are locked.</summary>
    public static async Task DeleteAsync(this SqlSession session, string ids, CancellationToken cancellation)
    {
        foreach (var table in TablesOfWorkflow)
        {
            await session.RunAsync($"DELETE FROM {table} WHERE workflow_id IN ({ids})", cancellation);
        }

        await session.RunAsync($"DELETE FROM workflow_run WHERE id IN ({ids})", cancellation);
        await session.RunAsync($"DELETE FROM workflow_result WHERE id IN ({ids})", cancellation);
        await session.RunAsync($"DELETE FROM workflow WHERE id IN ({ids})", cancellation);
    }

    /// <summary>Ids need no parameters, and every planner looks up such a list by index.</summary>
    public static string ListOf(IEnumerable<long> ids) => string.Join(", ", ids);
}
