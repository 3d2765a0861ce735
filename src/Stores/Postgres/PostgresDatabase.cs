using GopherFlow.Storage;
using Npgsql;

namespace GopherFlow.Stores.Postgres;

/// <summary>
/// Two connection pools: one for work, and a small one for executors and their claims, which a busy work pool does not delay. The lease
/// has a connection of its own.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int KeeperConnections = 3;
    private const int KeeperSeconds = 10;

    /// <summary>A heartbeat must be answered in time or be tried again.</summary>
    private const int LeaseSeconds = 4;

    /// <summary>For how long a server is taken for what it was last found to be, where several are named.</summary>
    private const int RecheckSeconds = 1;

    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>In the driver's words, which has no other sign for it.</summary>
    private const string NoSuitableHost = "No suitable host was found.";

    private const string Lends = "A pooler lends connections to PostgreSQL for one transaction at a time.";

    private const string LacksSettings =
        "Its connections lack settings that the engine's statements need to stay fast: see \"More than one machine\" in the documentation.";

    private readonly TimeProvider? clock;
    private readonly string? searchPath;
    private readonly PostgresPool looking;

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
        looking = PostgresPool.Bare(settings);
        settings.KeepAlive = KeeperSeconds;
        settings.CommandTimeout = 0;
        Listening = new PostgresPool(settings, searchPath);
    }

    /// <summary>Whether the server has ended the session, which had done nothing within its transaction for too long.</summary>
    public static bool IsIdledAway(Exception exception) =>
        exception is PostgresException { SqlState: IdleInTransactionTimeout };

    /// <summary>Whether the transaction was the deadlock victim: nothing of it is written.</summary>
    public static bool IsUndone(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected };

    /// <summary>Whether the same call may succeed when it is made again. What ends with a protocol violation was ended by a pooler.</summary>
    public static bool IsTransient(Exception exception) =>
        exception
            is NpgsqlException { IsTransient: true }
                or PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
                or PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation, Severity: "FATAL" }
        || IsIdledAway(exception)
        || IsWithoutServer(exception);

    /// <summary>Of several servers none can be written to: all are away, or one has still to take over.</summary>
    private static bool IsWithoutServer(Exception exception) =>
        exception is NpgsqlException and not PostgresException
        && exception.InnerException switch
        {
            AggregateException several => several.InnerExceptions.All(IsTransient),
            var cause => cause is null && exception.Message == NoSuitableHost,
        };

    /// <summary>A clock in place of the database's; null for the database's own.</summary>
    public DateTimeOffset? Now => clock?.GetUtcNow();

    /// <summary>What people call the database; no password.</summary>
    public string Name { get; }

    /// <summary>Why nothing can be listened to, and no session kept; null where both can be.</summary>
    public string? ReasonToPoll { get; private set; }

    /// <summary>Creates, commits, claims, changes by hand and queries.</summary>
    public PostgresPool Work { get; }

    /// <summary>Entries of executors, owned claims and repair.</summary>
    public PostgresPool Keeper { get; }

    /// <summary>The one connection of the lease; each that is opened is a new one.</summary>
    public PostgresPool Lease { get; }

    /// <summary>Each connection is a new one.</summary>
    public PostgresPool Listening { get; }

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="StoreSetupException">It cannot be reached or is newer than this program.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
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
        await Lease.DisposeAsync();
        await Listening.DisposeAsync();
        await looking.DisposeAsync();
    }

    /// <summary>Looks at what is between here and the server.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        if (ReasonToPoll is not null || !await PostgresPooler.LendsTransactionsAsync(looking, cancellation))
        {
            return;
        }

        var hasSettings = await PostgresPooler.CheckSessionsAsync(looking, searchPath, cancellation);
        foreach (var pool in new[] { Work, Keeper, Lease, Listening })
        {
            pool.KeepNothing();
        }

        ReasonToPoll = hasSettings ? Lends : $"{Lends} {LacksSettings}";
    }

    /// <summary>Whether a text is a connection string that Npgsql takes.</summary>
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
            // The words of the fault itself may hold a piece of the password.
            throw new StoreSetupException(
                "What was given is no connection string for PostgreSQL (Host=...;Port=...;Username=...;Password=...;Database=...)."
            );
        }

        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        settings.ApplicationName ??= "GopherFlow";
        settings.NoResetOnClose = true;
        // What the engine writes is committed by itself, whatever transaction surrounds the call.
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
