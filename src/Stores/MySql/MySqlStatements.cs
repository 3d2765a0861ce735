using System.Data.Common;
using System.Text.Json;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Statements that are sent as a batch, which is one packet and one round trip. If a transaction consists of one batch, statements in the
/// batch begin and commit it. If a statement fails, the ones after it are not run.
/// </summary>
/// <remarks>
/// A Galera cluster does not guarantee this: if a transaction loses a conflict with another server between two statements of a packet, it
/// is rolled back without an error, and each statement after it is run and committed separately (MariaDB 10.11). Between two packets the
/// conflict raises an error. So in a cluster each statement is sent separately.
/// </remarks>
internal sealed class MySqlStatements(
    MySqlConnection connection,
    SqlDialect dialect,
    MySqlTransaction? transaction = null
) : IAsyncDisposable
{
    /// <summary>Begins a transaction.</summary>
    public const string Begin = "BEGIN";

    /// <summary>Commits a transaction.</summary>
    public const string Commit = "COMMIT";

    private readonly MySqlBatch batch = new(connection, transaction);

    /// <summary>The id of the session on the server.</summary>
    public int ServerThread => connection.ServerThread;

    /// <summary>Whether the server belongs to a Galera cluster.</summary>
    public bool IsInCluster => dialect.SendsOneByOne;

    /// <summary>The number of statements.</summary>
    public int Count => batch.BatchCommands.Count;

    /// <summary>The command timeout in seconds; 0 for none.</summary>
    public int Timeout
    {
        get => batch.Timeout;
        init => batch.Timeout = value;
    }

    /// <summary>Adds a statement.</summary>
    public MySqlBatchCommand Statement(string sql)
    {
        var statement = new MySqlBatchCommand(sql);
        batch.BatchCommands.Add(statement);
        return statement;
    }

    /// <summary>Runs the statements and reads their results.</summary>
    public Task<T> ReadAsync<T>(Func<SqlResults, Task<T>> read, CancellationToken cancellation) =>
        dialect.SendsOneByOne
            ? batch.BatchCommands.Cast<MySqlBatchCommand>().Select(CommandOf).ReadAsync(dialect, read, cancellation)
            : batch.ReadAsync(dialect, read, cancellation);

    /// <summary>Runs the statements and ignores their results.</summary>
    public Task<bool> RunAsync(CancellationToken cancellation) =>
        ReadAsync(static _ => Task.FromResult(true), cancellation);

    /// <summary>Runs the statements and reads the first result set.</summary>
    public Task<List<T>> ReadAllAsync<T>(Func<IStoredRow, T> read, CancellationToken cancellation) =>
        ReadAsync(results => results.NextAsync(read), cancellation);

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    private DbCommand CommandOf(MySqlBatchCommand statement)
    {
        var command = new MySqlCommand(statement.CommandText, connection, transaction)
        {
            CommandTimeout = batch.Timeout,
        };
        foreach (MySqlParameter parameter in statement.Parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

/// <summary>Sets the parameters of statements.</summary>
internal static class MySqlParameters
{
    /// <summary>Sets a parameter.</summary>
    public static MySqlBatchCommand With(this MySqlBatchCommand statement, string name, object? value)
    {
        statement.Parameters.AddWithValue(name, MySqlSessions.Dialect.ToColumn(value));
        return statement;
    }

    /// <summary>Sets the parameter @rows to any number of rows, which JSON_TABLE reads.</summary>
    public static MySqlBatchCommand WithRows<T>(
        this MySqlBatchCommand statement,
        IReadOnlyCollection<T> rows,
        Action<Utf8JsonWriter, T> write
    ) => statement.With("@rows", MySqlJson.Of(rows, write));
}
