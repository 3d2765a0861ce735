using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Detects a connection pooler that lends server sessions for one transaction at a time, and checks that such sessions have the settings
/// that the store needs, because it cannot set them itself.
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
    /// Without a pooler, the process id that the client got when it connected is that of its session. With a pooler it differs, and several
    /// clients then query their session ids in turn: with session pooling each client keeps its own session; with transaction pooling two
    /// clients get the same session, or a client gets different ones.
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
                // Each round begins with another client, because a pooler may lend its sessions in turn.
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
            // All sessions of the pooler are in use for a long time, which does not happen with transaction pooling.
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

    /// <summary>Checks that the sessions already have the settings that the store would otherwise set.</summary>
    /// <returns>Whether they have the performance settings. Without these the store works, but is slower.</returns>
    /// <exception cref="StoreSetupException">The search path differs.</exception>
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
                        + "cannot be set. Set it for the role instead: ALTER ROLE ... SET search_path = ...; then restart the connections of the pooler."
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
