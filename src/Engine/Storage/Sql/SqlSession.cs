using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>An open connection, with or without a transaction, on which the shared statements run. Parameters are named.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">Its transaction, if it has one.</param>
/// <param name="dialect">The SQL that differs between databases.</param>
/// <param name="now">An instant to use instead of the database's clock; null for the database's own.</param>
internal sealed class SqlSession(
    DbConnection connection,
    DbTransaction? transaction,
    SqlDialect dialect,
    DateTimeOffset? now
)
{
    /// <summary>The value of <c>@now</c>: null to read the database's own clock.</summary>
    public DateTimeOffset? Now => now;

    /// <summary>Runs a statement and returns how many rows it has found or written.</summary>
    public Task<int> RunAsync(
        string sql,
        CancellationToken cancellation,
        params ReadOnlySpan<(string Name, object? Value)> values
    ) => RunAsync(Command(sql, values), cancellation);

    /// <summary>Runs a statement once for each set of values: in one round trip if the driver has batches.</summary>
    public async Task RunEachAsync(
        string sql,
        IReadOnlyList<(string Name, object? Value)[]> sets,
        CancellationToken cancellation
    )
    {
        if (sets.Count < 2 || !connection.CanCreateBatch || dialect.SendsOneByOne)
        {
            foreach (var values in sets)
            {
                await RunAsync(sql, cancellation, values);
            }

            return;
        }

        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var values in sets)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var (name, value) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = dialect.ToColumn(value);
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a query and reads its rows.</summary>
    public Task<List<T>> ReadAsync<T>(
        string sql,
        Func<IStoredRow, T> read,
        CancellationToken cancellation,
        params ReadOnlySpan<(string Name, object? Value)> values
    ) => SqlReading.ReadAsync([Command(sql, values)], dialect, results => results.NextAsync(read), cancellation);

    /// <summary>Runs several statements, each but the last with a semicolon at the end of its line, and reads their results.</summary>
    public Task<T> ReadAnswersAsync<T>(
        string sql,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        var commands = new List<DbCommand>();
        foreach (var statement in dialect.SendsOneByOne ? sql.Split(";\n") : [sql])
        {
            commands.Add(Command(statement, values));
        }

        return commands.ReadAsync(dialect, read, cancellation);
    }

    /// <summary>Runs a statement synchronously, on the calling thread.</summary>
    public void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query synchronously, on the calling thread, and reads its first row.</summary>
    public T ReadFirst<T>(
        string sql,
        Func<IStoredRow, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values
    )
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        reader.Read();
        return read(new SqlRow(reader, dialect));
    }

    private static async Task<int> RunAsync(DbCommand statement, CancellationToken cancellation)
    {
        await using var command = statement;
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = dialect.ToColumn(value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
