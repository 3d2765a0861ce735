using System.Data.Common;

namespace GopherFlow.Storage.Sql;

/// <summary>The results of several statements, which were sent together or are sent one after the other, read in order.</summary>
/// <param name="reader">The results of what was sent first.</param>
/// <param name="rest">The commands that are still to be sent.</param>
/// <param name="dialect">The SQL that differs between databases.</param>
/// <param name="cancellation">Cancels the wait.</param>
internal sealed class SqlResults(
    DbDataReader reader,
    Queue<DbCommand> rest,
    SqlDialect dialect,
    CancellationToken cancellation
) : IAsyncDisposable
{
    private DbDataReader reader = reader;

    /// <summary>The rows of the next statement that returns rows.</summary>
    public async Task<List<T>> NextAsync<T>(Func<IStoredRow, T> read)
    {
        var rows = new List<T>();
        while (reader.FieldCount == 0)
        {
            if (!await AdvanceAsync())
            {
                return rows;
            }
        }

        var row = new SqlRow(reader, dialect);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(row.Begin()));
        }

        await AdvanceAsync();
        return rows;
    }

    /// <summary>Runs all remaining statements. If one has failed, the exception is thrown when its result is reached.</summary>
    public async Task FinishAsync()
    {
        while (await AdvanceAsync()) { }
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private async Task<bool> AdvanceAsync()
    {
        if (await reader.NextResultAsync(cancellation))
        {
            return true;
        }

        if (!rest.TryDequeue(out var next))
        {
            return false;
        }

        await reader.DisposeAsync();
        await using var command = next;
        reader = await command.ExecuteReaderAsync(cancellation);
        return true;
    }
}

/// <summary>Runs statements and reads their results.</summary>
internal static class SqlReading
{
    /// <summary>Runs a batch and reads its results.</summary>
    public static async Task<T> ReadAsync<T>(
        this DbBatch batch,
        SqlDialect dialect,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation
    )
    {
        await using var results = new SqlResults(
            await batch.ExecuteReaderAsync(cancellation),
            [],
            dialect,
            cancellation
        );
        return await ReadAsync(results, read);
    }

    /// <summary>Runs commands, of one or more statements each, and reads their results.</summary>
    public static async Task<T> ReadAsync<T>(
        this IEnumerable<DbCommand> commands,
        SqlDialect dialect,
        Func<SqlResults, Task<T>> read,
        CancellationToken cancellation
    )
    {
        var rest = new Queue<DbCommand>(commands);
        await using var first = rest.Dequeue();
        await using var results = new SqlResults(
            await first.ExecuteReaderAsync(cancellation),
            rest,
            dialect,
            cancellation
        );
        return await ReadAsync(results, read);
    }

    private static async Task<T> ReadAsync<T>(SqlResults results, Func<SqlResults, Task<T>> read)
    {
        var answer = await read(results);
        await results.FinishAsync();
        return answer;
    }
}
