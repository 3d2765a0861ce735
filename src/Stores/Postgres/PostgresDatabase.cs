using GopherFlow.Storage;
using Npgsql;
using NpgsqlTypes;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The two pools: one for work, and a small one for owners and their claims, which a crowd at the first cannot keep waiting. Heartbeats
/// have a connection of their own.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int KeeperConnections = 3;
    private const int KeeperSeconds = 10;

    /// <summary>A heartbeat must come in time or be tried again.</summary>
    private const int HeartbeatSeconds = 4;

    /// <summary>
    /// The statements are few, are prepared, and reach their rows by an index: a table that has grown faster than its statistics must
    /// not tempt the planner into reading all of it. A process that stalls within a transaction holds its locks, and with them everybody
    /// else; after ten seconds the server ends its session, so an OnCommit callback has as long between two statements. It is one
    /// statement, for the driver sends several with the help of the thread pool, which may be starved when a heartbeat connects.
    /// </summary>
    private const string SessionSettings = """
        SELECT set_config('jit', 'off', false),
               set_config('enable_seqscan', 'off', false),
               set_config('plan_cache_mode', 'force_generic_plan', false),
               set_config('idle_in_transaction_session_timeout', '10s', false),
               set_config('search_path', coalesce(@search_path, current_setting('search_path')), false)
        """;

    private readonly TimeProvider? clock;
    private readonly string? searchPath;

    public PostgresDatabase(string connectionString, TimeProvider? clock)
    {
        this.clock = clock;
        var settings = Settings(connectionString);
        searchPath = settings.SearchPath;
        settings.SearchPath = null;
        Name = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        var timeout = settings.Timeout;
        Work = Source(settings);
        settings.MaxPoolSize = KeeperConnections;
        settings.MinPoolSize = 0;
        settings.CommandTimeout = KeeperSeconds;
        Keeper = Source(settings);
        settings.Pooling = false;
        settings.CommandTimeout = HeartbeatSeconds;
        settings.Timeout = Math.Min(settings.Timeout, HeartbeatSeconds);
        Heartbeat = Source(settings);
        settings.Timeout = timeout;
        settings.KeepAlive = KeeperSeconds;
        settings.CommandTimeout = 0;
        Listening = Source(settings);
    }

    /// <summary>Whether the same call may succeed when it is made again.</summary>
    public static bool IsTransient(Exception exception) =>
        exception
            is NpgsqlException { IsTransient: true }
                or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>What stands in for the database's clock; null where nothing does.</summary>
    public DateTimeOffset? Now => clock?.GetUtcNow();

    /// <summary>What people call the database; no password.</summary>
    public string Name { get; }

    /// <summary>Creates, commits, claims, changes by hand and queries.</summary>
    public NpgsqlDataSource Work { get; }

    /// <summary>Entries of executors, owned claims and repair.</summary>
    public NpgsqlDataSource Keeper { get; }

    /// <summary>The one connection of the heartbeats; each that is opened is a new one.</summary>
    public NpgsqlDataSource Heartbeat { get; }

    /// <summary>Each connection is a new one.</summary>
    public NpgsqlDataSource Listening { get; }

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="StoreSetupException">It cannot be reached or is newer than this program.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Listening.OpenConnectionAsync(cancellation);
            await PostgresMigrations.ApplyAsync(connection, cancellation);
        }
        catch (NpgsqlException trouble)
        {
            throw new StoreSetupException(
                $"The PostgreSQL database {Name} cannot be used: {trouble.Message} See to GFLOW_DATABASE_URL and the server.",
                trouble
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        await Keeper.DisposeAsync();
        await Heartbeat.DisposeAsync();
        await Listening.DisposeAsync();
    }

    /// <summary>Whether a text is a connection string that Npgsql takes.</summary>
    public static bool Understands(string connectionString) => Parse(connectionString) is { Host.Length: > 0 };

    /// <summary>
    /// Each new connection is given the store's settings by a statement, not by the startup packet: a pooler between here and the server
    /// takes only some of those.
    /// </summary>
    private NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings)
    {
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = SetUp(connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = SetUp(connection);
                await command.ExecuteNonQueryAsync();
            }
        );
        return source.Build();
    }

    /// <summary>Takes back whatever has been set for the session since it was new.</summary>
    public async Task ResetAsync(NpgsqlConnection connection)
    {
        await using var reset = new NpgsqlCommand("RESET ALL", connection);
        await reset.ExecuteNonQueryAsync();
        await using var command = SetUp(connection);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand SetUp(NpgsqlConnection connection) =>
        new(SessionSettings, connection)
        {
            Parameters =
            {
                new NpgsqlParameter("@search_path", NpgsqlDbType.Text) { Value = searchPath ?? (object)DBNull.Value },
            },
        };

    private static NpgsqlConnectionStringBuilder? Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException)
        {
            return null;
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        if (Parse(connectionString) is not { } settings)
        {
            // The words of the fault itself may hold a piece of the password.
            throw new StoreSetupException(
                "What was given is no connection string for PostgreSQL (Host=...;Port=...;Username=...;Password=...;Database=...)."
            );
        }

        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        settings.ApplicationName ??= "GopherFlow";
        settings.NoResetOnClose = true;
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 200;
            settings.AutoPrepareMinUsages = 2;
        }

        return settings;
    }
}
