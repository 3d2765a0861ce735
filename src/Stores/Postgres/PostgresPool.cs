using Npgsql;
using NpgsqlTypes;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The connections for one purpose. They keep session settings and prepared statements, unless a pooler in transaction mode has been
/// detected.
/// </summary>
internal sealed class PostgresPool : IAsyncDisposable
{
    /// <summary>
    /// The engine's statements are few and prepared, and find their rows by an index. Sequential scans are off, so that the planner does
    /// not scan a table that has grown faster than its statistics. A process that stalls within a transaction blocks others with its locks,
    /// so the server ends its session after ten seconds; this also limits the time that an OnCommit callback may take between two
    /// statements. The server's statement timeout is off, because it would look like an error of the step; the driver has a timeout of its
    /// own. It is a single statement, because the driver needs the thread pool to send several, and the thread pool may be starved when a
    /// heartbeat connects.
    /// </summary>
    private const string SessionSettings = """
        SELECT set_config('jit', 'off', false),
               set_config('enable_seqscan', 'off', false),
               set_config('plan_cache_mode', 'force_generic_plan', false),
               set_config('idle_in_transaction_session_timeout', '10s', false),
               set_config('statement_timeout', '0', false),
               set_config('search_path', coalesce(@search_path, current_setting('search_path')), false)
        """;

    private readonly NpgsqlConnectionStringBuilder settings;
    private readonly string? searchPath;
    private readonly List<NpgsqlDataSource> built = [];
    private volatile NpgsqlDataSource source;

    /// <summary>Creates the pool without connecting.</summary>
    /// <param name="settings">The connection settings; they are copied.</param>
    /// <param name="searchPath">The search path of each session; null for the server's default.</param>
    public PostgresPool(NpgsqlConnectionStringBuilder settings, string? searchPath)
    {
        this.settings = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        this.searchPath = searchPath;
        source = Build(this.settings.ConnectionString, SetUp, SetUpAsync);
    }

    /// <summary>
    /// A pool whose connections have no session settings. With pooling turned off in the settings, each connection is a new one.
    /// </summary>
    public static PostgresPool Bare(NpgsqlConnectionStringBuilder settings)
    {
        var pool = new PostgresPool(settings, searchPath: null);
        pool.KeepNothing();
        return pool;
    }

    public async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellation)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellation);
        }
        catch (NpgsqlException) when (cancellation.IsCancellationRequested)
        {
            // With several servers, the driver does not report the cancellation, only that no server could be used.
            throw new OperationCanceledException(cancellation);
        }
    }

    public NpgsqlConnection OpenConnection() => source.OpenConnection();

    /// <summary>Resets all session settings and applies the store's settings again.</summary>
    public async Task ResetAsync(NpgsqlConnection connection)
    {
        await using var reset = new NpgsqlCommand("RESET ALL", connection);
        await reset.ExecuteNonQueryAsync();
        await SetUpAsync(connection);
    }

    /// <summary>Stops using session settings and prepared statements.</summary>
    public void KeepNothing()
    {
        settings.MaxAutoPrepare = 0;
        source = Build(settings.ConnectionString, _ => { }, _ => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in built)
        {
            await one.DisposeAsync();
        }
    }

    /// <summary>
    /// The settings are applied to each new connection by a statement, not by the startup packet, because poolers accept only some settings
    /// there. If several servers are configured, each new connection looks for the writable one.
    /// </summary>
    private NpgsqlDataSource Build(
        string connectionString,
        Action<NpgsqlConnection> setUp,
        Func<NpgsqlConnection, Task> setUpAsync
    )
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(setUp, setUpAsync);
        if (settings.Host is not { } host || !host.Contains(',', StringComparison.Ordinal))
        {
            var single = builder.Build();
            built.Add(single);
            return single;
        }

        var several = builder.BuildMultiHost();
        built.Add(several);
        return several.WithTargetSession(TargetSessionAttributes.ReadWrite);
    }

    private void SetUp(NpgsqlConnection connection)
    {
        using var command = SetUpOf(connection);
        command.ExecuteNonQuery();
    }

    private async Task SetUpAsync(NpgsqlConnection connection)
    {
        await using var command = SetUpOf(connection);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand SetUpOf(NpgsqlConnection connection) =>
        new(SessionSettings, connection)
        {
            Parameters =
            {
                new NpgsqlParameter("@search_path", NpgsqlDbType.Text) { Value = searchPath ?? (object)DBNull.Value },
            },
        };
}
