using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// The connection pools: one for work, and a small one for executors and their claims, so that a busy work pool does not delay them. The
/// lease has a connection of its own.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int KeeperConnections = 3;
    private const int KeeperSeconds = 10;

    /// <summary>The timeout of a heartbeat, short enough to leave time for a retry.</summary>
    private const int LeaseSeconds = 4;

    /// <summary>How long the last known role of a server is cached if several servers are configured.</summary>
    private const int RecheckSeconds = 1;

    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>The message of the driver, which has no error code for this case.</summary>
    private const string NoSuitableHost = "No suitable host was found.";

    private const string Lends = "A pooler lends connections to PostgreSQL for one transaction at a time.";

    private const string LacksSettings =
        "Its connections lack settings that the engine's statements need to stay fast: see \"More than one machine\" in the documentation.";

    private readonly TimeProvider? clock;
    private readonly string? searchPath;
    private readonly PostgresPool bare;

    public PostgresDatabase(string connectionString, TimeProvider? clock)
    {
        this.clock = clock;
        var settings = Settings(connectionString);
        searchPath = settings.SearchPath;
        settings.SearchPath = null;
        Name = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        var timeout = settings.Timeout;
        Work = new PostgresPool(settings, searchPath);
        settings.MaxPoolSize = KeeperConnections;
        settings.MinPoolSize = 0;
        settings.CommandTimeout = KeeperSeconds;
        Keeper = new PostgresPool(settings, searchPath);
        settings.Pooling = false;
        settings.CommandTimeout = LeaseSeconds;
        settings.Timeout = Math.Min(settings.Timeout, LeaseSeconds);
        Lease = new PostgresPool(settings, searchPath);
        settings.Timeout = timeout;
        bare = PostgresPool.Bare(settings);
        settings.KeepAlive = KeeperSeconds;
        settings.CommandTimeout = 0;
        Listening = new PostgresPool(settings, searchPath);
    }

    /// <summary>Whether the server has ended the session because it was idle in a transaction for too long.</summary>
    public static bool IsIdledAway(Exception exception) =>
        exception is PostgresException { SqlState: IdleInTransactionTimeout };

    /// <summary>Whether the transaction was the deadlock victim, so that nothing was written.</summary>
    public static bool IsUndone(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected };

    /// <summary>
    /// Whether the error is transient, so that the call can be retried. Fatal protocol violations come from a connection pooler.
    /// </summary>
    public static bool IsTransient(Exception exception) =>
        exception
            is NpgsqlException { IsTransient: true }
                or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
                or PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation, Severity: "FATAL" }
        || IsIdledAway(exception)
        || IsWithoutServer(exception);

    /// <summary>Whether none of several servers accepts writes: all are unreachable, or a failover is in progress.</summary>
    private static bool IsWithoutServer(Exception exception) =>
        exception is NpgsqlException and not PostgresException
        && exception.InnerException switch
        {
            AggregateException several => several.InnerExceptions.All(IsTransient),
            var cause => cause is null && exception.Message == NoSuitableHost,
        };

    /// <summary>The time of the clock that replaces the database's; null if there is none.</summary>
    public DateTimeOffset? Now => clock?.GetUtcNow();

    /// <summary>The name of the database for messages, without the password.</summary>
    public string Name { get; }

    /// <summary>Why LISTEN and session state cannot be used; null if they can.</summary>
    public string? ReasonToPoll { get; private set; }

    /// <summary>For creates, commits, claims, changes by hand and queries.</summary>
    public PostgresPool Work { get; }

    /// <summary>For executor entries, owned claims and repair.</summary>
    public PostgresPool Keeper { get; }

    /// <summary>For the connection of the lease. It does not pool: each connection is a new one.</summary>
    public PostgresPool Lease { get; }

    /// <summary>For LISTEN. It does not pool: each connection is a new one.</summary>
    public PostgresPool Listening { get; }

    /// <summary>Detects a connection pooler and migrates the schema.</summary>
    /// <exception cref="StoreSetupException">The database cannot be reached, or is newer than this program.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await DetectPoolerAsync(cancellation);
            await using var connection = await Listening.OpenConnectionAsync(cancellation);
            await PostgresMigrations.ApplyAsync(connection, cancellation);
        }
        catch (NpgsqlException trouble)
        {
            throw new StoreSetupException(
                $"The PostgreSQL database {Name} cannot be used: {trouble.Message} Check GFLOW_DATABASE_URL and the server.",
                trouble
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        await Keeper.DisposeAsync();
        await Lease.DisposeAsync();
        await Listening.DisposeAsync();
        await bare.DisposeAsync();
    }

    /// <summary>Detects a connection pooler in transaction mode and adapts the pools to it.</summary>
    private async Task DetectPoolerAsync(CancellationToken cancellation)
    {
        if (ReasonToPoll is not null || !await PostgresPooler.LendsTransactionsAsync(bare, cancellation))
        {
            return;
        }

        var hasSettings = await PostgresPooler.CheckSessionsAsync(bare, searchPath, cancellation);
        foreach (var pool in new[] { Work, Keeper, Lease, Listening })
        {
            pool.KeepNothing();
        }

        ReasonToPoll = hasSettings ? Lends : $"{Lends} {LacksSettings}";
    }

    /// <summary>Whether a text is a valid connection string for Npgsql.</summary>
    public static bool Understands(string connectionString) => Parse(connectionString) is { Host.Length: > 0 };

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
            // The message of the original exception may contain a part of the password.
            throw new StoreSetupException(
                "The text is not a connection string for PostgreSQL (Host=...;Port=...;Username=...;Password=...;Database=...)."
            );
        }

        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        settings.ApplicationName ??= "GopherFlow";
        settings.NoResetOnClose = true;
        // The engine commits its own writes, even within an ambient transaction of the caller.
        settings.Enlist = false;
        settings.Remove("Target Session Attributes");
        settings.HostRecheckSeconds = Math.Min(settings.HostRecheckSeconds, RecheckSeconds);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 200;
            settings.AutoPrepareMinUsages = 2;
        }

        return settings;
    }
}
