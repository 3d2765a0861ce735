using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>The answers of several statements that went out as one, read one after the other.</summary>
internal sealed class SqlResults(DbDataReader reader, SqlDialect dialect, CancellationToken cancellation)
{
    /// <summary>The rows of the next statement that gives any.</summary>
    public async Task<List<T>> NextAsync<T>(Func<IStoredRow, T> read)
    {
        var rows = new List<T>();
        while (reader.FieldCount == 0)
        {
            if (!await reader.NextResultAsync(cancellation))
            {
                return rows;
            }
        }

        var row = new SqlRow(reader, dialect);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(row.Begin()));
        }

        await reader.NextResultAsync(cancellation);
        return rows;
    }

    /// <summary>Runs what is left: a statement that fails says so when its answer is reached.</summary>
    public async Task FinishAsync()
    {
        while (await reader.NextResultAsync(cancellation)) { }
    }
}

/// <summary>Runs statements and reads their answers.</summary>
internal static class SqlReading
{
    /// <summary>Runs a batch and reads its answers.</summary>
    public static async Task<T> ReadAsync<T>(
        this DbBatch batch,
        SqlDialect dialect,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation
    )
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, dialect, read, cancellation);
    }

    /// <summary>Runs a command of one or more statements and reads their answers.</summary>
    public static async Task<T> ReadAsync<T>(
        this DbCommand command,
        SqlDialect dialect,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation
    )
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, dialect, read, cancellation);
    }

    private static async Task<T> ReadAsync<T>(
        DbDataReader reader,
        SqlDialect dialect,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation
    )
    {
        var results = new SqlResults(reader, dialect, cancellation);
        var answer = await read(results);
        await results.FinishAsync();
        return answer;
    }
}
