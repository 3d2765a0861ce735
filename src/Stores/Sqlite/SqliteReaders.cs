using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>The reading connections: enough that readers do not wait long, and few enough that their caches need little memory.</summary>
internal sealed class SqliteReaders(Func<SqliteConnection> connect) : IAsyncDisposable
{
    private const int Most = 8;

    private readonly SemaphoreSlim free = new(Most);

    /// <summary>A stack, because the connection that was used last has a warm cache.</summary>
    private readonly ConcurrentStack<SqliteReader> idle = [];

    private volatile bool isDisposed;

    /// <summary>Runs a query on a connection that sees only committed data. Waits while all connections are busy.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteReader, T> query, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, typeof(SqliteStore));
            return Read(query);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Waits for the running queries and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        isDisposed = true;
        for (var reader = 0; reader < Most; reader++)
        {
            await free.WaitAsync();
        }

        while (idle.TryPop(out var reader))
        {
            reader.Dispose();
        }

        free.Release(Most);
    }

    private T Read<T>(Func<SqliteReader, T> query)
    {
        var reader = idle.TryPop(out var used) ? used : new SqliteReader(connect());
        try
        {
            var answer = query(reader);
            idle.Push(reader);
            return answer;
        }
        catch
        {
            // A partially read statement would keep its snapshot and prevent the write-ahead log from being reset.
            reader.Dispose();
            throw;
        }
    }
}

/// <summary>
/// A connection with its statements, which are prepared at their first use. Statements are looked up by the reference of their text, which
/// must be a constant, because hashing a long text at each use would cost as much as writing a row.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="isOwn">Whether the connection is closed together with its statements.</param>
internal sealed class SqliteReader(SqliteConnection connection, bool isOwn = true) : IDisposable
{
    private readonly Dictionary<object, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>The connection itself, for rare statements that are not worth keeping.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>The id of the last inserted row.</summary>
    public long LastInsertedId => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle!);

    /// <summary>The prepared statement for a text, ready to be bound.</summary>
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

        if (isOwn)
        {
            connection.Dispose();
        }
    }
}
