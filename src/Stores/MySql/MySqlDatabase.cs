using System.Data.Common;
using GopherFlow.Storage;
using MySqlConnector;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// Two connection pools: one for work, and a small one for executors and their claims, so that a busy work pool does not delay them. The
/// lease has a connection of its own.
/// </summary>
internal sealed class MySqlDatabase : IAsyncDisposable
{
    /// <summary>
    /// The number of the committer's batches that are in flight at once. Measured on two cores, three batches write more than two, because
    /// the others continue while one waits for the disk. With four, the batches only get smaller.
    /// </summary>
    public const int ConcurrentWrites = 3;

    private const int WorkConnections = 20;
    private const int KeeperConnections = 3;
    private const int WorkSeconds = 30;
    private const int KeeperSeconds = 4;

    /// <summary>The timeout of migrations, which may have to wait for another process that migrates.</summary>
    private const int SetupSeconds = 120;

    private readonly MySqlConnectionStringBuilder setup;
    private readonly MySqlServers leases;

    /// <exception cref="StoreSetupException">The connection string cannot be read.</exception>
    public MySqlDatabase(string connectionString)
    {
        setup = MySqlDriver.Settings(connectionString);
        setup.Pooling = false;
        setup.DefaultCommandTimeout = SetupSeconds;
        leases = ForLease(connectionString);
        Work = new MySqlPool(Servers(connectionString, WorkConnections, WorkSeconds));
        Keeper = new MySqlPool(Servers(connectionString, KeeperConnections, KeeperSeconds));
    }

    /// <summary>For creates, commits, claims, changes by hand and queries.</summary>
    public MySqlPool Work { get; }

    /// <summary>For executor entries, owned claims and repair.</summary>
    public MySqlPool Keeper { get; }

    /// <summary>The name of the database for messages, without the password.</summary>
    public string Name => $"'{setup.Database}' on {setup.Server}:{setup.Port}";

    /// <summary>Migrates the schema.</summary>
    /// <exception cref="StoreSetupException">The database cannot be reached, or is newer than this program.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await using var servers = new MySqlServers(setup);
            var (_, opened) = await servers.OpenAsync(cancellation);
            await using var connection = opened;
            await MySqlMigrations.ApplyAsync(connection, cancellation);
        }
        catch (Exception fault) when (fault is DbException or IOException or ArgumentException)
        {
            throw new StoreSetupException(
                $"The MySQL database {Name} cannot be opened: {fault.Message} "
                    + "Check GFLOW_DATABASE_URL, that the server is running, and that the database exists.",
                fault
            );
        }
    }

    /// <summary>
    /// Opens a connection for the lease, whose calls are synchronous. The statements of the lease do not depend on the session settings of
    /// the pools.
    /// </summary>
    public DbConnection OpenForLease() => leases.Open();

    public async ValueTask DisposeAsync()
    {
        await Work.DisposeAsync();
        await Keeper.DisposeAsync();
        await leases.DisposeAsync();
    }

    private static MySqlServers ForLease(string connectionString)
    {
        var settings = MySqlDriver.Settings(connectionString);
        settings.Pooling = false;
        settings.DefaultCommandTimeout = KeeperSeconds;
        settings.ConnectionTimeout = Math.Min(settings.ConnectionTimeout, KeeperSeconds);
        return new MySqlServers(settings);
    }

    private static MySqlServers Servers(string connectionString, uint connections, uint seconds)
    {
        var settings = MySqlDriver.Settings(connectionString);
        settings.Pooling = true;
        settings.MinimumPoolSize = 0;
        settings.MaximumPoolSize = Math.Min(settings.MaximumPoolSize, connections);
        settings.DefaultCommandTimeout = seconds;
        settings.ConnectionTimeout = Math.Min(settings.ConnectionTimeout, seconds);
        return new MySqlServers(settings);
    }
}
