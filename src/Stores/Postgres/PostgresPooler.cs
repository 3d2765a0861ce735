using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Finds out whether a pooler lends a session of the server for one transaction at a time, and whether the sessions are then as the
/// store needs them, for it cannot make them so.
/// </summary>
internal static class PostgresPooler
{
    private const int Clients = 4;
    private const int Rounds = 4;
    private const int SecondsForAnAnswer = 5;

    private const string Session = "SELECT pg_backend_pid()";

    private const string SchemaNow = "SELECT coalesce(current_schema(), '')";

    private const string ChangeSearchPath = "SELECT set_config('search_path', $1, true)";

    private const string HasSettings = """
        SELECT current_setting('jit') = 'off'
               AND current_setting('enable_seqscan') = 'off'
               AND current_setting('idle_in_transaction_session_timeout') <> '0'
        """;

    /// <summary>
    /// A server tells each client the number of its session, a pooler tells another. Then several clients ask for their
    /// session, in turn: with session pooling each has one of its own for good; with transaction pooling two get the same
    /// one, or one gets another.
    /// </summary>
    public static async Task<bool> LendsTransactionsAsync(PostgresPool pool, CancellationToken cancellation)
    {
        var clients = new List<NpgsqlConnection>();
        var sessions = new Dictionary<NpgsqlConnection, int>();
        try
        {
            clients.Add(await pool.OpenConnectionAsync(cancellation));
            if (await SessionOfAsync(clients[0], cancellation) == clients[0].ProcessID)
            {
                return false;
            }

            while (clients.Count < Clients)
            {
                clients.Add(await pool.OpenConnectionAsync(cancellation));
            }

            for (var turn = 0; turn < Rounds * Clients; turn++)
            {
                // Each round begins with another client, for a pooler may lend its sessions in turn.
                var client = clients[(turn + (turn / Clients)) % Clients];
                var session = await SessionOfAsync(client, cancellation);
                var known = sessions.GetValueOrDefault(client, session);
                sessions[client] = session;
                if (session != known || sessions.Values.Distinct().Count() < sessions.Count)
                {
                    return true;
                }
            }

            return false;
        }
        catch (NpgsqlException trouble) when (clients.Count > 0 && trouble.InnerException is TimeoutException)
        {
            // Others hold every session that the pooler has, which lenders of transactions do not do for long.
            return false;
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    /// <summary>What the store would have set for its sessions must be theirs already.</summary>
    /// <returns>Whether the planner's settings are, too, without which all works, but not as fast.</returns>
    /// <exception cref="StoreSetupException">The search path is another.</exception>
    public static async Task<bool> CheckSessionsAsync(
        PostgresPool pool,
        string? searchPath,
        CancellationToken cancellation
    )
    {
        await using var connection = await pool.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var hasSettings = await AskAsync<bool>(connection, HasSettings, cancellation);
        if (searchPath is not null)
        {
            var schema = await AskAsync<string>(connection, SchemaNow, cancellation);
            await AskAsync<string>(connection, ChangeSearchPath, cancellation, searchPath);
            if (await AskAsync<string>(connection, SchemaNow, cancellation) != schema)
            {
                throw new StoreSetupException(
                    "A pooler lends connections to PostgreSQL for one transaction at a time, so the search path of the connection string "
                        + "cannot be set. Set it for the role instead: ALTER ROLE ... SET search_path = ...; and have the pooler connect anew."
                );
            }
        }

        return hasSettings;
    }

    private static Task<int> SessionOfAsync(NpgsqlConnection client, CancellationToken cancellation) =>
        AskAsync<int>(client, Session, cancellation);

    private static async Task<T> AskAsync<T>(
        NpgsqlConnection connection,
        string question,
        CancellationToken cancellation,
        params string[] values
    )
    {
        await using var command = new NpgsqlCommand(question, connection) { CommandTimeout = SecondsForAnAnswer };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }

        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
