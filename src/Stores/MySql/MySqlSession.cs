using System.Data.Common;
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
    private const int CountSlots = 16;
    private const string Savepoint = "gopherflow_step";

    /// <summary>Where this connection keeps its share of the counts.</summary>
    public int CountSlot => connection.ServerThread % CountSlots;

    /// <summary>
    /// Runs a part of the transaction that can be undone alone. Only when even that fails, for the whole transaction is lost,
    /// does it throw.
    /// </summary>
    public async Task<Exception?> TryAsync(Func<DbConnection, DbTransaction, Task> part)
    {
        await RunAsync($"SAVEPOINT {Savepoint}");
        try
        {
            await part(connection, transaction!);
            return null;
        }
        catch (Exception failure) when (failure is not ExternalIdRaceException && !MySqlDriver.IsDeadlock(failure))
        {
            try
            {
                await RunAsync($"ROLLBACK TO SAVEPOINT {Savepoint}");
            }
            catch (Exception lost) when (lost is DbException or InvalidOperationException)
            {
                throw new AggregateException(failure, lost);
            }

            return failure;
        }
    }

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

/// <summary>
/// Another transaction has taken an external id after this one had found it free. Tried once more, this one will see it.
/// </summary>
internal sealed class ExternalIdRaceException(Exception inner)
    : Exception("Another transaction has just created a workflow with one of these external ids.", inner);
