using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Ends sessions that a callback keeps, or has left in a state in which they take no rollback. Their locks are free at once, and
/// nobody gets their connection after them.
/// </summary>
internal static class PostgresAbandoned
{
    private const string Terminate = "SELECT pg_terminate_backend($1)";

    /// <summary>Ends a session on the server, which ends one that cannot be reached by itself after a while.</summary>
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
            // The server ends what idles within a transaction.
        }
    }

    /// <summary>Closes a connection when the callback that uses it has ended at last.</summary>
    public static async Task CloseAfterAsync(Task callback, NpgsqlConnection connection)
    {
        await callback.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // The driver sees by this that the session is gone, and keeps the connection out of the pool.
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement("SELECT 1");
            await batch.ExecuteNonQueryAsync();
        }
        catch (Exception trouble) when (trouble is NpgsqlException or InvalidOperationException) { }

        await connection.DisposeAsync();
    }
}
