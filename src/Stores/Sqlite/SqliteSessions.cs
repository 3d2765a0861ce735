using GopherFlow.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace GopherFlow.Stores.Sqlite;

/// <summary>
/// Gives the shared SQL stores access to the file. The driver's async calls complete synchronously, so nothing here waits.
/// </summary>
internal sealed class SqliteSessions(SqliteDatabase database, TimeProvider clock) : ISqlDatabase
{
    public static SqlDialect Dialect { get; } =
        new()
        {
            Clock = null,
            LastId = "last_insert_rowid()",
            PermitState = "state",
            CountSlot = "0",
            Greatest = "max",
            StoresMicroseconds = true,
            JoinInOrder = "CROSS JOIN",
            NamesIndexes = true,
            LockRow = "",
            WalkedBy = static index => $"INDEXED BY {index}",
        };

    SqlDialect ISqlDatabase.Dialect => Dialect;

    public Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> queries, CancellationToken cancellation) =>
        database.ReadAsync(reader => queries(Session(reader.Connection, null)).GetAwaiter().GetResult(), cancellation);

    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> transaction, CancellationToken cancellation) =>
        WriteAsync(session => transaction(session).GetAwaiter().GetResult(), cancellation);

    /// <summary>Runs a transaction on the thread of the writer.</summary>
    public Task<T> WriteAsync<T>(Func<SqlSession, T> transaction, CancellationToken cancellation) =>
        database.Writer.RunAsync((_, writing) => transaction(Session(writing.Connection!, writing)), cancellation);

    /// <summary>A session in a transaction, for statements that do not need the clock.</summary>
    public static SqlSession Session(SqliteTransaction transaction) =>
        new(transaction.Connection!, transaction, Dialect, now: null);

    private SqlSession Session(SqliteConnection connection, SqliteTransaction? transaction) =>
        new(connection, transaction, Dialect, clock.GetUtcNow());
}
