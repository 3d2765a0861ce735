using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>An open connection and the statements that run on it, one after the other.</summary>
/// <param name="connection">It stays the caller's.</param>
/// <param name="transaction">The transaction that the statements belong to, if any.</param>
/// <param name="cancellation">Ends what runs.</param>
internal sealed class MySqlSession(
    MySqlConnection connection,
    MySqlTransaction? transaction,
    CancellationToken cancellation
)
{
    /// <summary>Runs a statement and tells how many rows it found or wrote.</summary>
    public Task<int> RunAsync(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        RunAsync(Command(sql, values));

    /// <summary>Runs a query and reads its rows.</summary>
    public Task<List<T>> QueryAsync<T>(
        string sql,
        Func<MySqlRow, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values
    ) => QueryAsync(Command(sql, values), read);

    private async Task<int> RunAsync(MySqlCommand command)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private async Task<List<T>> QueryAsync<T>(MySqlCommand command, Func<MySqlRow, T> read)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var row = new MySqlRow(reader);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(read(row.Begin()));
            }

            return rows;
        }
    }

    private MySqlCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = new MySqlCommand(sql, connection, transaction);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(
                name,
                value switch
                {
                    null => DBNull.Value,
                    DateTimeOffset instant => MySqlRow.Microseconds(instant),
                    _ => value,
                }
            );
        }

        return command;
    }
}
