using System.Diagnostics;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>One server: how connections to it are opened, and whether another is to be preferred just now.</summary>
internal sealed class MySqlServer : IAsyncDisposable
{
    /// <summary>After how long MariaDB ends a session that does nothing within its transaction; see <see cref="Settings"/>.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    /// <summary>A server may begin a transaction with each statement, and leave it open.</summary>
    public const string CommitEach = "SET SESSION autocommit = 1;";

    /// <summary>How long a server that could not be used is tried only after all others.</summary>
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Strict, so that nothing is ever cut off in silence; and no wait longer than a heartbeat can stand. A process that stalls within
    /// a transaction holds its locks, and with them everybody else: MariaDB ends its session after that long (MySQL has no such
    /// setting, and reads a comment).
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
    /// A member of a cluster answers this in any case, and refuses to commit, even nothing, while it is cut off or has still to catch
    /// up.
    /// </summary>
    private const string FindCluster = """
        COMMIT;
        SHOW VARIABLES WHERE variable_name = 'wsrep_on' AND value = 'ON'
        """;

    /// <summary>
    /// Each transaction, and each statement outside of one, waits until this server has all that was committed on the others before. Else
    /// who comes from another would not find its own workflows. Bit 1 is for reads and BEGIN, 2 for UPDATE and DELETE.
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

    /// <summary>Whether it could not be used a moment ago.</summary>
    public bool IsAvoided =>
        Volatile.Read(ref avoided) is var since and not 0 && Stopwatch.GetElapsedTime(since) < Avoidance;

    /// <summary>Whether it was found to belong to a Galera cluster.</summary>
    public bool IsInCluster => isInCluster;

    /// <summary>Opens a connection, or takes one from the pool.</summary>
    public ValueTask<MySqlConnection> OpenAsync(CancellationToken cancellation) =>
        source.OpenConnectionAsync(cancellation);

    /// <summary>Opens a connection that is not of the pool and has none of its settings, without giving the thread away.</summary>
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

    /// <summary>It cannot be used: others are preferred for a while.</summary>
    public void Avoid() => Volatile.Write(ref avoided, Stopwatch.GetTimestamp());

    /// <summary>The same, and what it has in its pool is not used any more.</summary>
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
            // It would go back to the pool as it is.
            await MySqlConnection.ClearPoolAsync(opened.Connection, CancellationToken.None);
            throw;
        }
    }
}
