using System.Text.Json;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Statements go out as batches, each batch one packet and one round trip. A transaction of one batch is begun and committed by
/// statements within it; when one fails, those after it are not run.
/// </summary>
internal static class MySqlStatements
{
    /// <summary>Begins a transaction.</summary>
    public const string Begin = "BEGIN";

    /// <summary>Commits a transaction.</summary>
    public const string Commit = "COMMIT";

    /// <summary>
    /// Fails unless the statement before it has changed so many rows: a subquery of two rows, where only one may be, is the one
    /// error that a statement can raise by a condition. So the commit that follows in the same batch is never reached.
    /// </summary>
    private const string Expect = "SELECT IF(ROW_COUNT() = @expected, 0, (SELECT 1 UNION ALL SELECT 2))";

    /// <summary>Adds a statement to a batch.</summary>
    public static MySqlBatchCommand Statement(this MySqlBatch batch, string sql)
    {
        var statement = new MySqlBatchCommand(sql);
        batch.BatchCommands.Add(statement);
        return statement;
    }

    /// <summary>Adds a statement that fails unless the one before it has changed so many rows.</summary>
    public static void ExpectChanged(this MySqlBatch batch, int rows) =>
        batch.Statement(Expect).With("@expected", rows);

    /// <summary>Gives a parameter its value.</summary>
    public static MySqlBatchCommand With(this MySqlBatchCommand statement, string name, object? value)
    {
        statement.Parameters.AddWithValue(
            name,
            value switch
            {
                null => DBNull.Value,
                DateTimeOffset instant => MySqlRow.Microseconds(instant),
                _ => value,
            }
        );
        return statement;
    }

    /// <summary>Gives the parameter @rows any number of rows, which JSON_TABLE reads.</summary>
    public static MySqlBatchCommand WithRows<T>(
        this MySqlBatchCommand statement,
        IReadOnlyCollection<T> rows,
        Action<Utf8JsonWriter, T> write
    ) => statement.With("@rows", MySqlJson.Of(rows, write));

    /// <summary>Runs a batch whose answers do not matter.</summary>
    public static async Task RunAsync(this MySqlBatch batch, CancellationToken cancellation)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.FinishAsync(cancellation);
    }

    /// <summary>Runs a batch that has one answer.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this MySqlBatch batch,
        Func<MySqlRow, T> read,
        CancellationToken cancellation
    )
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = await reader.ReadAllAsync(read, cancellation);
        await reader.FinishAsync(cancellation);
        return rows;
    }

    /// <summary>The rows of the next answer.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this MySqlDataReader reader,
        Func<MySqlRow, T> read,
        CancellationToken cancellation
    )
    {
        var rows = new List<T>();
        while (reader.FieldCount == 0)
        {
            if (!await reader.NextResultAsync(cancellation))
            {
                return rows;
            }
        }

        var row = new MySqlRow(reader);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(row.Begin()));
        }

        await reader.NextResultAsync(cancellation);
        return rows;
    }

    /// <summary>Runs what is left of a batch: a statement that fails says so when its answer is reached.</summary>
    public static async Task FinishAsync(this MySqlDataReader reader, CancellationToken cancellation)
    {
        while (await reader.NextResultAsync(cancellation)) { }
    }
}
