using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Storage.Sql;
using Npgsql;
using NpgsqlTypes;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Statements are sent in batches. Each batch is one round trip and, unless a transaction is open, one transaction. Parameters are
/// positional ($1, $2, ...) and are added in that order.
/// </summary>
internal static class PostgresStatements
{
    /// <summary>Adds a statement to a batch.</summary>
    public static NpgsqlBatchCommand Statement(this NpgsqlBatch batch, string sql)
    {
        var statement = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(statement);
        return statement;
    }

    /// <summary>Adds the next parameter: a number, a text or an array.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand statement, T value)
        where T : notnull
    {
        statement.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return statement;
    }

    /// <summary>Adds the next parameter, an instant.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand statement, DateTimeOffset value) =>
        statement.With<DateTimeOffset>(value.AsStored());

    /// <summary>Adds the next parameter, an instant or NULL.</summary>
    public static NpgsqlBatchCommand WithOptional(this NpgsqlBatchCommand statement, DateTimeOffset? value)
    {
        statement.Parameters.Add(
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.TimestampTz,
                Value = value.AsStored() ?? (object)DBNull.Value,
            }
        );
        return statement;
    }

    /// <summary>Runs statements and returns the number of rows that they changed.</summary>
    public static async Task<int> RunAsync(
        this PostgresPool source,
        Action<NpgsqlBatch> statements,
        CancellationToken cancellation
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        statements(batch);
        return await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a batch and reads its first result set.</summary>
    public static Task<List<T>> ReadAllAsync<T>(
        this NpgsqlBatch batch,
        Func<IStoredRow, T> read,
        CancellationToken cancellation
    ) => batch.ReadAsync(PostgresSessions.Dialect, results => results.NextAsync(read), cancellation);

    /// <summary>Adds a statement with rows as array parameters, unless there are no rows.</summary>
    public static void Add<T>(
        this NpgsqlBatch batch,
        string sql,
        IReadOnlyCollection<T> rows,
        Action<PostgresArrays, T> write
    )
    {
        if (rows.Count > 0)
        {
            var arrays = new PostgresArrays(batch.Statement(sql), rows.Count);
            foreach (var row in rows)
            {
                write(arrays.Row(), row);
            }
        }
    }
}
