using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Ends sessions that a callback is still using or has left in a state that cannot be rolled back. Their locks are released at once, and
/// their connections are not reused.
/// </summary>
internal static class PostgresAbandoned
{
    private const string Terminate = "SELECT pg_terminate_backend($1)";

    /// <summary>Ends a session on the server. If this fails, the server itself ends the session after a while.</summary>
    public static async Task EndAsync(PostgresDatabase database, int? process)
    {
        if (process is not { } id)
        {
            return;
        }

        try
        {
            await database.Keeper.RunAsync(batch => batch.Statement(Terminate).With(id), CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The server ends sessions that are idle in a transaction.
        }
    }

    /// <summary>Closes a connection when the callback that is using it has ended.</summary>
    public static async Task CloseAfterAsync(Task callback, NpgsqlConnection connection)
    {
        await callback.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // This makes the driver detect that the session has ended, so it does not return the connection to the pool.
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement("SELECT 1");
            await batch.ExecuteNonQueryAsync();
        }
        catch (Exception trouble) when (trouble is NpgsqlException or InvalidOperationException) { }

        await connection.DisposeAsync();
    }
}
