using System.Collections.Concurrent;
using GopherFlow.Storage;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// The file: one connection that writes, on a thread of its own, and a few that read. In WAL mode readers and the writer do not
/// wait for each other.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int BusyMilliseconds = 10_000;

    private readonly string file;
    private readonly SqliteSynchronous synchronous;
    private readonly ConcurrentBag<SqliteReader> idleReaders = [];
    private SqliteWriter? writer;

    public SqliteDatabase(string file, SqliteSynchronous synchronous)
    {
        this.file = file;
        this.synchronous = synchronous;
    }

    /// <summary>The writer, once the database is open.</summary>
    public SqliteWriter Writer => writer ?? throw new InvalidOperationException("The store has not been initialized.");

    /// <summary>Opens the file, making it if it is not there, and brings its schema up to date.</summary>
    /// <exception cref="StoreSetupException">It cannot be opened or is newer than this program.</exception>
    public void Open()
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            writer = new SqliteWriter(ConnectAndMigrate());
        }
        catch (Exception trouble) when (trouble is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StoreSetupException(
                $"The SQLite file '{file}' cannot be opened: {trouble.Message} Name another one in GFLOW_DATABASE_SQLLITE_FILE_NAME.",
                trouble
            );
        }
    }

    /// <summary>Runs a query on a connection that sees what is committed.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteReader, T> query, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var reader = idleReaders.TryTake(out var idle) ? idle : new SqliteReader(Connect(file, synchronous));
        try
        {
            return Task.FromResult(query(reader));
        }
        finally
        {
            idleReaders.Add(reader);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The container disposes the store once for each interface under which it is registered.
        if (Interlocked.Exchange(ref writer, null) is { } open)
        {
            await open.DisposeAsync();
        }

        while (idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
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

    /// <summary>Opens a connection with the settings that every connection of the store has.</summary>
    public static SqliteConnection Connect(string file, SqliteSynchronous synchronous)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = $"""
            PRAGMA busy_timeout = {BusyMilliseconds};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {(synchronous == SqliteSynchronous.Full ? "FULL" : "NORMAL")};
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -65536;
            PRAGMA journal_size_limit = 67108864;
            """;
        settings.ExecuteNonQuery();
        return connection;
    }
}

/// <summary>
/// A connection with its statements, each prepared when first used. Statements are known by their text's identity, for hashing a
/// long text at each use would cost as much as the row it writes: every text is a constant.
/// </summary>
internal sealed class SqliteReader(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<object, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>The connection, for statements that are not worth keeping prepared.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>The id of the row inserted last.</summary>
    public long LastInsertedId => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle!);

    /// <summary>The prepared statement of a text, ready for its values.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(connection, sql);
            statements.Add(sql, statement);
        }

        return statement.Begin();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }
}
