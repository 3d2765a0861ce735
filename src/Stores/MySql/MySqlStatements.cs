using System.Data.Common;
using System.Text.Json;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Statements that go out as a batch, which is one packet and one round trip. A transaction of one batch is begun and committed by
/// statements within it; when one fails, those after it are not run.
/// </summary>
/// <remarks>
/// In a Galera cluster that does not hold: a transaction that loses to one of another server between two statements of a packet is rolled
/// back without an error, and each statement after it is run and committed by itself (MariaDB 10.11). Between two packets the loss is
/// an error. So each statement is sent by itself there.
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

    /// <summary>The session of the server.</summary>
    public int ServerThread => connection.ServerThread;

    /// <summary>Whether the server belongs to a Galera cluster.</summary>
    public bool IsInCluster => dialect.SendsOneByOne;

    /// <summary>How many there are.</summary>
    public int Count => batch.BatchCommands.Count;

    /// <summary>How many seconds the server has; 0 for as long as it takes.</summary>
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

    /// <summary>Runs them and reads their answers.</summary>
    public Task<T> ReadAsync<T>(Func<SqlResults, Task<T>> read, CancellationToken cancellation) =>
        dialect.SendsOneByOne
            ? batch.BatchCommands.Cast<MySqlBatchCommand>().Select(CommandOf).ReadAsync(dialect, read, cancellation)
            : batch.ReadAsync(dialect, read, cancellation);

    /// <summary>Runs statements whose answers do not matter.</summary>
    public Task<bool> RunAsync(CancellationToken cancellation) =>
        ReadAsync(static _ => Task.FromResult(true), cancellation);

    /// <summary>Runs them and reads the first rows that they give.</summary>
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

/// <summary>Gives the parameters of statements their values.</summary>
internal static class MySqlParameters
{
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
}
