using System.Text.Json;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
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

    /// <summary>Adds a statement to a batch.</summary>
    public static MySqlBatchCommand Statement(this MySqlBatch batch, string sql)
    {
        var statement = new MySqlBatchCommand(sql);
        batch.BatchCommands.Add(statement);
        return statement;
    }

    /// <summary>Gives a parameter its value.</summary>
    public static MySqlBatchCommand With(this MySqlBatchCommand statement, string name, object? value)
    {
        statement.Parameters.AddWithValue(name, MySqlSessions.Dialect.ToColumn(value));
        return statement;
    }

    /// <summary>Gives the parameter @rows any number of rows, which JSON_TABLE reads.</summary>
    public static MySqlBatchCommand WithRows<T>(
        this MySqlBatchCommand statement,
        IReadOnlyCollection<T> rows,
        Action<Utf8JsonWriter, T> write
    ) => statement.With("@rows", MySqlJson.Of(rows, write));

    /// <summary>Runs a batch whose answers do not matter.</summary>
    public static Task<bool> RunAsync(this MySqlBatch batch, CancellationToken cancellation) =>
        batch.ReadAsync(MySqlSessions.Dialect, static _ => Task.FromResult(true), cancellation);

    /// <summary>Runs a batch and reads the first rows that it gives.</summary>
    public static Task<List<T>> ReadAllAsync<T>(
        this MySqlBatch batch,
        Func<IStoredRow, T> read,
        CancellationToken cancellation
    ) => batch.ReadAsync(MySqlSessions.Dialect, results => results.NextAsync(read), cancellation);
}
