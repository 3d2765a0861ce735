using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The SQLite file: one writing connection on a thread of its own, and a few reading connections. In WAL mode readers and the writer do not
/// wait for each other.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int BusyMilliseconds = 10_000;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int DiskFault = 10;
    private const int DiskFull = 13;
    private const int WriterCacheKilobytes = 16_384;
    private const int ReaderCacheKilobytes = 8_192;
    private const int NotADatabase = 26;

    private readonly string file;
    private readonly SqliteSynchronous synchronous;
    private readonly SqliteReaders readers;
    private SqliteWriter? writer;

    public SqliteDatabase(string file, SqliteSynchronous synchronous)
    {
        this.file = file;
        this.synchronous = synchronous;
        readers = new SqliteReaders(() => Connect(file, synchronous, ReaderCacheKilobytes));
    }

    /// <summary>The writer. Throws until the database is open.</summary>
    public SqliteWriter Writer => writer ?? throw new InvalidOperationException("The store has not been initialized.");

    /// <summary>Whether the error is transient, so that the call can be retried.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked or DiskFull or DiskFault };

    /// <summary>Opens the file, creates it if it does not exist, and migrates its schema.</summary>
    /// <exception cref="StoreSetupException">The file cannot be opened, or is newer than this program.</exception>
    public void Open()
    {
        try
        {
            CreateFile();
            writer = new SqliteWriter(ConnectAndMigrate(), () => Connect(file, synchronous));
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode == NotADatabase)
        {
            throw Refusal("is not a SQLite database.", trouble);
        }
        catch (Exception trouble) when (trouble is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Refusal($"cannot be opened: {trouble.Message}", trouble);
        }
    }

    /// <summary>Runs a query on a reading connection, which sees only committed data.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteReader, T> query, CancellationToken cancellation) =>
        readers.ReadAsync(query, cancellation);

    public async ValueTask DisposeAsync()
    {
        // The container disposes the store once for each interface under which it is registered.
        if (Interlocked.Exchange(ref writer, null) is { } open)
        {
            await open.DisposeAsync();
        }

        await readers.DisposeAsync();
    }

    /// <summary>Opens a connection with the settings that every connection of the store has.</summary>
    public static SqliteConnection Connect(
        string file,
        SqliteSynchronous synchronous,
        int cacheKilobytes = WriterCacheKilobytes
    )
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
            }.ToString()
        );
        try
        {
            connection.Open();
            using var settings = connection.CreateCommand();
            settings.CommandText = $"""
                PRAGMA busy_timeout = {BusyMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = {(synchronous == SqliteSynchronous.Full ? "FULL" : "NORMAL")};
                PRAGMA foreign_keys = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -{cacheKilobytes};
                PRAGMA journal_size_limit = 67108864;
                """;
            settings.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Creates the file so that only its owner can read it. SQLite gives its other files the same mode.</summary>
    private void CreateFile()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // An existing file is not even opened, because closing it would release the locks that this process has on it.
        if (OperatingSystem.IsWindows() || Path.Exists(file))
        {
            return;
        }

        try
        {
            new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            ).Dispose();
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process has created it in the meantime.
        }
    }

    private SqliteConnection ConnectAndMigrate()
    {
        var connection = Connect(file, synchronous);
        try
        {
            SqliteMigrations.Apply(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private StoreSetupException Refusal(string fault, Exception trouble) =>
        new($"The SQLite file '{file}' {fault} Name another one in GFLOW_DATABASE_SQLLITE_FILE_NAME.", trouble);
}
