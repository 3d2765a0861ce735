using System.Diagnostics;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>One server: opens connections to it, and records whether other servers are preferred at the moment.</summary>
internal sealed class MySqlServer : IAsyncDisposable
{
    /// <summary>The time after which MariaDB ends a session that is idle in a transaction; see <see cref="Settings"/>.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    /// <summary>Turns autocommit on: a server may be configured to leave a transaction open after each statement.</summary>
    public const string CommitEach = "SET SESSION autocommit = 1;";

    /// <summary>How long a server that could not be used is tried only after all other servers.</summary>
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Strict mode, so that values are never truncated silently. Lock waits are limited to what a heartbeat can tolerate. A process that
    /// stalls within a transaction blocks others with its locks, so MariaDB ends its session after the same time (MySQL has no such setting
    /// and treats it as a comment).
    /// </summary>
    private const string Settings = """
        SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
        SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
                    time_zone = '+00:00',
                    innodb_lock_wait_timeout = 10,
                    autocommit = 1,
                    sql_notes = 0
                    /*M! , idle_transaction_timeout = 10, max_statement_time = 0 */;
        """;

    /// <summary>
    /// Detects a Galera cluster. A member that is cut off or has not caught up yet would still answer the SHOW, but refuses even an empty
    /// COMMIT.
    /// </summary>
    private const string FindCluster = """
        COMMIT;
        SHOW VARIABLES WHERE variable_name = 'wsrep_on' AND value = 'ON'
        """;

    /// <summary>
    /// Makes each transaction, and each statement outside of one, wait until this server has applied everything that was committed on the
    /// others before. Otherwise a process that switches servers might not find its own workflows. Bit 1 is for reads and BEGIN, 2 for
    /// UPDATE and DELETE.
    /// </summary>
    private const string SeeAll = "SET SESSION wsrep_sync_wait = 3";

    private readonly MySqlDataSource source;
    private readonly string connectionString;
    private long avoided;
    private volatile bool isInCluster;

    public MySqlServer(string connectionString)
    {
        this.connectionString = connectionString;
        source = new MySqlDataSourceBuilder(connectionString).UseConnectionOpenedCallback(ConfigureAsync).Build();
    }

    /// <summary>Whether it could not be used recently.</summary>
    public bool IsAvoided =>
        Volatile.Read(ref avoided) is var since and not 0 && Stopwatch.GetElapsedTime(since) < Avoidance;

    /// <summary>Whether it was found to belong to a Galera cluster.</summary>
    public bool IsInCluster => isInCluster;

    /// <summary>Opens a connection or takes one from the pool.</summary>
    public ValueTask<MySqlConnection> OpenAsync(CancellationToken cancellation) =>
        source.OpenConnectionAsync(cancellation);

    /// <summary>Opens a connection synchronously, outside the pool and without its session settings.</summary>
    public MySqlConnection Open()
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            connection.Open();
            using var find = new MySqlCommand(CommitEach + FindCluster, connection);
            if (find.ExecuteScalar() is not null)
            {
                using var seeAll = new MySqlCommand(SeeAll, connection);
                seeAll.ExecuteNonQuery();
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Records that the server cannot be used, so that others are preferred for a while.</summary>
    public void Avoid() => Volatile.Write(ref avoided, Stopwatch.GetTimestamp());

    /// <summary>Calls <see cref="Avoid"/> and discards the connections in the pool.</summary>
    public async Task AvoidAsync()
    {
        Avoid();
        await using var connection = source.CreateConnection();
        await MySqlConnection.ClearPoolAsync(connection);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async ValueTask ConfigureAsync(MySqlConnectionOpenedContext opened, CancellationToken cancellation)
    {
        if (!opened.Conditions.HasFlag(MySqlConnectionOpenedConditions.New))
        {
            return;
        }

        try
        {
            await using var settings = new MySqlCommand(Settings + FindCluster, opened.Connection);
            if (await settings.ExecuteScalarAsync(cancellation) is not null)
            {
                isInCluster = true;
                await using var seeAll = new MySqlCommand(SeeAll, opened.Connection);
                await seeAll.ExecuteNonQueryAsync(cancellation);
            }
        }
        catch
        {
            // Otherwise the unconfigured connection would return to the pool.
            await MySqlConnection.ClearPoolAsync(opened.Connection, CancellationToken.None);
            throw;
        }
    }
}
