using Npgsql;
using NpgsqlTypes;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The connections of one purpose. They keep settings and prepared statements, until it is known that a pooler is in between that lends
/// them for one transaction at a time.
/// </summary>
internal sealed class PostgresPool : IAsyncDisposable
{
    /// <summary>
    /// The statements are few, are prepared, and reach their rows by an index: a table that has grown faster than its statistics must
    /// not tempt the planner into reading all of it. A process that stalls within a transaction holds its locks, and with them everybody
    /// else; after ten seconds the server ends its session, so an OnCommit callback has as long between two statements. A limit of the
    /// server for statements would look like a fault of the step; the driver has its own. It is one statement, for the driver sends several with the help of the thread pool, which may be starved when a heartbeat connects.
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

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="settings">How to connect; copied.</param>
    /// <param name="searchPath">What each session is given as its search path; null for the server's own.</param>
    public PostgresPool(NpgsqlConnectionStringBuilder settings, string? searchPath)
    {
        this.settings = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        this.searchPath = searchPath;
        source = Build(this.settings.ConnectionString, SetUp, SetUpAsync);
    }

    /// <summary>Connections that are used and left as the server gives them, each a new one.</summary>
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
            // Where several servers are named, the driver says only that none could be used.
            throw new OperationCanceledException(cancellation);
        }
    }

    public NpgsqlConnection OpenConnection() => source.OpenConnection();

    /// <summary>Takes back whatever has been set for the session since it was new.</summary>
    public async Task ResetAsync(NpgsqlConnection connection)
    {
        await using var reset = new NpgsqlCommand("RESET ALL", connection);
        await reset.ExecuteNonQueryAsync();
        await SetUpAsync(connection);
    }

    /// <summary>From now on nothing is set for a session and no statement is prepared.</summary>
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
    /// Each new connection is given the store's settings by a statement, not by the startup packet: a pooler between here and the server
    /// takes only some of those. Of several servers the writable one is looked for again with each connection.
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
