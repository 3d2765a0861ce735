using System.Data.Common;
using GopherFlow.Storage;

namespace GopherFlow.Stores.MySql;

/// <summary>
/// The sessions of the store: some that write, some that read, and one for the entries of executors. Heartbeats have a connection of
/// their own, so that no load keeps an executor from renewing its lease.
/// </summary>
internal sealed class MySqlDatabase : IAsyncDisposable
{
    /// <summary>
    /// Batches of the committer that are under way at once. Measured on two cores with batches of 64 and 256 steps, four wrote
    /// most: while one waits for the disk, others work.
    /// </summary>
    public const int Committers = 4;

    private const int Writers = Committers + 2;
    private const int Readers = 4;

    /// <summary>Seconds. Setting up waits for another process that does; a heartbeat must come in time or be tried again.</summary>
    private const int Patience = 30;
    private const int SetupPatience = 120;
    private const int PulsePatience = 4;

    private readonly string connectionString;
    private readonly TimeProvider? clock;
    private readonly MySqlWorkers writers;
    private readonly MySqlWorkers readers;
    private readonly MySqlWorkers pulse;

    public MySqlDatabase(string connectionString, TimeProvider? clock)
    {
        this.clock = clock;
        this.connectionString = connectionString;
        writers = new MySqlWorkers("writer", Writers, () => new MySqlSession(connectionString, Patience));
        readers = new MySqlWorkers("reader", Readers, () => new MySqlSession(connectionString, Patience));
        pulse = new MySqlWorkers("pulse", 1, () => new MySqlSession(connectionString, PulsePatience));
    }

    /// <summary>What stands in for the database's clock; null where nothing does.</summary>
    public DateTimeOffset? Now => clock?.GetUtcNow();

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="StoreSetupException">It cannot be reached, or is newer than this program.</exception>
    public Task OpenAsync(CancellationToken cancellation) =>
        readers.RunAsync(
            _ =>
            {
                try
                {
                    using var session = new MySqlSession(connectionString, SetupPatience);
                    session.Read(MySqlMigrations.Apply);
                    return true;
                }
                catch (Exception trouble) when (trouble is DbException or IOException or ArgumentException)
                {
                    throw new StoreSetupException(
                        $"The MySQL database {MySqlDriver.Describe(connectionString)} cannot be opened: {trouble.Message} "
                            + "Check GFLOW_DATABASE_URL, that the server runs, and that the database exists.",
                        trouble
                    );
                }
            },
            cancellation
        );

    /// <summary>Opens a connection for heartbeats.</summary>
    public DbConnection OpenForHeartbeats() => MySqlDriver.Open(connectionString, PulsePatience);

    /// <summary>Runs a transaction.</summary>
    public Task<T> WriteAsync<T>(Func<MySqlSession, T> work, CancellationToken cancellation) =>
        writers.RunAsync(session => session.Transact(work), cancellation);

    /// <summary>Runs a transaction that an executor's entry or end needs.</summary>
    public Task<T> PulseAsync<T>(Func<MySqlSession, T> work, CancellationToken cancellation) =>
        pulse.RunAsync(session => session.Transact(work), cancellation);

    /// <summary>Runs a query that sees what is committed.</summary>
    public Task<T> ReadAsync<T>(Func<MySqlSession, T> query, CancellationToken cancellation) =>
        readers.RunAsync(session => session.Read(query), cancellation);

    public async ValueTask DisposeAsync()
    {
        await writers.DisposeAsync();
        await readers.DisposeAsync();
        await pulse.DisposeAsync();
    }
}
