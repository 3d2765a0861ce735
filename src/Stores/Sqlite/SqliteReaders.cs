using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>The connections that read: so many that no reader waits long, and so few that their caches stay small.</summary>
internal sealed class SqliteReaders(Func<SqliteConnection> connect) : IAsyncDisposable
{
    private const int Most = 8;

    private readonly SemaphoreSlim free = new(Most);

    /// <summary>The one used last is taken first: its cache is warm.</summary>
    private readonly ConcurrentStack<SqliteReader> idle = [];

    private volatile bool isDisposed;

    /// <summary>Runs a query on a connection that sees what is committed; waits for one while all are busy.</summary>
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

    /// <summary>Waits for the queries that run.</summary>
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
            // A statement that was left half read would keep its snapshot, and the write-ahead log with it.
            reader.Dispose();
            throw;
        }
    }
}

/// <summary>
/// A connection with its statements, each prepared when first used. Statements are known by their text's identity, for hashing a
/// long text at each use would cost as much as the row it writes: every text is a constant.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="isOwn">Whether it is closed with its statements.</param>
internal sealed class SqliteReader(SqliteConnection connection, bool isOwn = true) : IDisposable
{
    private readonly Dictionary<object, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>The connection itself, for statements that are too rare to be kept.</summary>
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

        if (isOwn)
        {
            connection.Dispose();
        }
    }
}
