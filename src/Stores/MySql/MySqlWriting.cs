using System.Text.Json;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Writes the rows of workflows. Every row that changes is first locked, in the order of the ids, and guarded by its lease and
/// revision: if any row has changed since the plan was made, the batch and its transaction fail.
/// </summary>
internal static class MySqlWriting
{
    /// <summary>
    /// A subquery that returns two rows where only one is allowed is the only error that a statement can raise conditionally. The
    /// statements after it in the batch, in particular the commit, are not run.
    /// </summary>
    private const string Expect = "SELECT IF(count(*) = @expected, 0, (SELECT 1 UNION ALL SELECT 2))";

    private const string Known = """
        JSON_TABLE(@rows, '$[*]' COLUMNS (
                id       BIGINT PATH '$[0]',
                lease    BIGINT PATH '$[1]',
                revision BIGINT PATH '$[2]')) AS known
        """;

    internal const string ExpectRunning = $"""
               {Expect}
                 FROM {Known}
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY)
                   ON r.id = known.id AND r.lease = known.lease AND r.revision = known.revision
           FOR UPDATE
        """;

    internal const string ExpectFinal = $"""
               {Expect}
                 FROM {Known}
        STRAIGHT_JOIN workflow_result AS f FORCE INDEX (PRIMARY)
                   ON f.id = known.id AND f.lease = known.lease AND f.revision = known.revision
           FOR UPDATE
        """;

    internal const string DeleteRunning = """
               DELETE r
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS ended
        STRAIGHT_JOIN workflow_run AS r FORCE INDEX (PRIMARY) ON r.id = ended.id
        """;

    internal const string DeleteFinal = """
               DELETE f
                 FROM JSON_TABLE(@ids, '$[*]' COLUMNS (id BIGINT PATH '$')) AS reopened
        STRAIGHT_JOIN workflow_result AS f FORCE INDEX (PRIMARY) ON f.id = reopened.id
        """;

    private const string PutRunning = $"""
        INSERT INTO workflow_run
               (id, workflow_type, {StoredValues.Progress}, {StoredValues.Standing})
        """;

    private static readonly string ReplaceRunning = Replace($"{StoredValues.Progress}, {StoredValues.Standing}");

    private const string PutFinal = $"""
        INSERT INTO workflow_result (id, {StoredValues.Place}, {StoredValues.Result})
        """;

    private static readonly string ReplaceFinal = Replace(StoredValues.Result);

    /// <summary>Adds the statements for all rows, including the new ones.</summary>
    public static void AddRows(this MySqlStatements batch, RowSet rows)
    {
        var (running, ended, final, reopened) = (rows.Running, rows.Ended, rows.StillFinal, rows.Reopened);
        batch.AddExpected(ExpectRunning, running, ended);
        batch.AddExpected(ExpectFinal, final, reopened);
        batch.AddDelete(DeleteRunning, ended);
        batch.AddDelete(DeleteFinal, reopened);
        if (running.Count + reopened.Count + rows.Inserted.Count + rows.Creates.Count > 0)
        {
            var put = new MySqlValues(batch, PutRunning);
            foreach (var (place, create) in rows.Creates.Index())
            {
                put.Row().WithNewId(place).WithRunning(create.Row);
            }

            foreach (var row in rows.Inserted.Concat(running.Concat(reopened).Select(change => change.After)))
            {
                put.Row().With(row.Id).WithRunning(row);
            }

            put.End(running.Count > 0 ? ReplaceRunning : "");
        }

        if (ended.Count + final.Count + rows.InsertedFinal.Count > 0)
        {
            var put = new MySqlValues(batch, PutFinal);
            foreach (var row in rows.InsertedFinal.Concat(ended.Concat(final).Select(change => change.After)))
            {
                put.Row().With(row.Id).WithPlace(row).WithResult(row);
            }

            put.End(final.Count > 0 ? ReplaceFinal : "");
        }
    }

    private static void AddExpected(
        this MySqlStatements batch,
        string sql,
        IReadOnlyList<RowChange> some,
        IReadOnlyList<RowChange> others
    )
    {
        RowChange[] known = [.. some.Concat(others).OrderBy(change => change.Before.Id)];
        if (known.Length > 0)
        {
            batch.Statement(sql).WithRows(known, AddKnown).With("@expected", known.Length);
        }
    }

    private static void AddDelete(this MySqlStatements batch, string sql, IReadOnlyList<RowChange> rows)
    {
        if (rows.Count > 0)
        {
            batch.Statement(sql).With("@ids", rows.Select(change => change.Before.Id).ToArray());
        }
    }

    private static void AddKnown(Utf8JsonWriter json, RowChange change)
    {
        json.WriteNumberValue(change.Before.Id);
        json.WriteNumberValue(change.Before.Lease);
        json.WriteNumberValue(change.Before.Revision);
    }

    private static void WithRunning(this MySqlValues values, WorkflowRecord row) =>
        values.With(row.WorkflowType).WithProgress(row).WithStanding(row);

    /// <summary>Replaces the values of an existing row.</summary>
    private static string Replace(string columns) =>
        "ON DUPLICATE KEY UPDATE "
        + string.Join(", ", columns.Split(", ").Select(column => $"{column} = VALUES({column})"));
}
